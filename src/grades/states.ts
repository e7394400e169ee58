export { type DeliveryState, deliveryStates } from '../../contracts/grades.ts';
