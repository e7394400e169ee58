import type { forms as english } from '../en/forms.ts';
import type { TextsLike } from '../texts.ts';

export const forms: TextsLike<typeof english> = {
  'onboarding.request': 'Integración nueva',
  'onboarding.partner.about': 'El producto, como lo llama la lista de proveedores',
  'onboarding.promise': 'Día prometido',
  'onboarding.promise.about': 'Vacío, ya no se promete nada.',
  'onboarding.return': 'Volver a una etapa anterior',
  'calendar.add': 'Añadir días',
  'calendar.import': 'Importar un calendario',
  'calendar.file': 'Archivo iCalendar (.ics)',
  'calendar.file.about': 'Se sustituye lo que trajo la importación anterior. Como máximo 2 MB.',
  'calendar.import.zone': 'Vacío, la que tiene o la que dice el archivo',
  'calendar.imported_one': 'Se ha leído {{count}} periodo',
  'calendar.imported_many': 'Se han leído {{count}} de periodos',
  'calendar.imported_other': 'Se han leído {{count}} periodos',
  'calendar.imported.about':
    'Sustituidos: {{replaced}}. Eventos que aquí no significan nada: {{passedOver}}.',
  'reviews.disclose': 'Mostrar quiénes son',
  'reviews.disclose.what': 'Qué mostrar. Queda registrado, con su motivo.',
  'reviews.disclose.names': 'Nombres',
  'reviews.disclose.identifiers': 'Identificadores',
  'runs.rate': '{{rate}} filas por segundo',
  'runs.left': 'Quedan unos {{duration}}',
};
