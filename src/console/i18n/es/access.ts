import type { access as english } from '../en/access.ts';
import type { TextsLike } from '../texts.ts';

export const access: TextsLike<typeof english> = {
  'nav.access': 'Acceso',
  'access.about':
    'Quién puede hacer qué aquí. Los enlaces que solo configuran algo se crean en la página de configuración:',
  'access.setupLinks': 'Enlaces de configuración',
  'admins.title': 'Administradores de la institución',
  'admins.empty': 'Nadie de la institución tiene cuenta todavía.',
  'admins.invite': 'Invitar a un administrador',
  'admins.invited': 'Invitados',
  'admins.resetFactor': 'Quitar el segundo paso',
  'admins.resetFactor.about':
    'Para quien ha perdido su autenticador. Sus sesiones terminan y configura otro.',
  'admins.passwordLink': 'Enlace para una contraseña nueva',
  'admins.passwordLink.about':
    'Para quien ha olvidado la suya. El enlace sirve una vez y durante un día; se muestra solo esta vez. El segundo paso se sigue pidiendo.',
  'admins.unlink': 'Quitar el acceso de la institución',
  'admins.unlink.about':
    'Sus sesiones terminan; se vincula de nuevo con un enlace para una contraseña nueva.',
  'ways.title': 'Acceso de la institución',
  'ways.about':
    'Con estos, los administradores entran en la consola con el acceso propio de su institución. Cada cuenta se vincula una vez, con una invitación o en su propia página; una dirección de correo sola no vincula a nadie.',
  'ways.empty': 'La institución no tiene una conexión para ello: SAML u OpenID Connect.',
  'ways.open': 'Abierto',
  'ways.closed': 'No abierto',
  'ways.openedAt': 'Desde',
  'ways.admins': 'Cuentas vinculadas',
  'ways.open.do': 'Abrir para administradores',
  'ways.open.about':
    'Los administradores podrán vincular sus cuentas. En quién confía la conexión solo lo cambia entonces alguien que pueda todo lo que ellos pueden.',
  'ways.open.trusts':
    'Cuentan las firmas de estos certificados (SHA-256). Compárelos con los de su proveedor:',
  'ways.open.keysFrom':
    'Quien responde en esta dirección dice qué claves cuentan, ahora y después. Asegúrese de que es la de su proveedor:',
  'ways.open.keysGiven':
    'Sus claves vienen de un documento que alguien entregó; las nuevas esperan a que alguien las acepte.',
  'ways.open.signer': 'Lo que responde cuenta solo si lo ha firmado este certificado (SHA-256):',
  'ways.open.subjectFrom':
    'Con esto distingue a una persona de otra. Asegúrese de que nadie pueda elegirlo por sí mismo en su proveedor:',
  'ways.close': 'Cerrar',
  'ways.close.about':
    'Quien entró por aquí queda desconectado, y todas las cuentas se vinculan de nuevo si se vuelve a abrir.',
  'raised.title': 'Permisos ampliados',
  'raised.empty': 'A nadie se le ha permitido aquí más de lo que dice su función.',
  'raised.you': 'Usted',
  'raised.scopes': 'Permisos',
  'raised.startedAt': 'Desde',
  'raised.left': 'Tiempo restante',
  'raised.over': 'Terminado',
  'raised.active': 'En vigor',
  'raised.raise': 'Ampliar los propios permisos',
  'raised.raise.about':
    'Para una emergencia: se le permite más en esta institución hasta que acabe el tiempo. La institución lo ve, con su motivo.',
  'raised.reason.about': 'En una frase. La institución la lee.',
  'raised.minutes': 'Cuántos minutos',
  'raised.end': 'Terminar ya',
  'raised.end.about': 'Desde ahora solo se permite lo que dice la función.',
  'raised.banner_one': 'A alguien del centro se le permite más aquí por ahora',
  'raised.banner_many': 'A {{count}} de personas del centro se les permite más aquí por ahora',
  'raised.banner_other': 'A {{count}} personas del centro se les permite más aquí por ahora',
  'handed.banner': 'Hace poco se entregó una forma de entrar para administradores',
  'handed.banner.waiting': 'Puede que lo aceptado aquí no lo haya aceptado la institución',
  'handed.by': 'entregada o cambiada por',
  'handed.until': 'marcado hasta',
  'handed.more':
    'Hay más cuentas cuya forma de entrar se entregó hace poco; el registro de auditoría las nombra todas.',
  'handed.about':
    'Quien la entregó pudo haberla usado. Hasta entonces, lo que acepte un administrador que entre así espera a otra persona.',
  'handed.about.waiting':
    'Quien entregó la forma de entrar pudo haber aceptado. Si no fue la institución, desactive la cuenta o dele un enlace de contraseña nuevo: entonces no cuenta por sí solo. Si lo fue, lo confirma en la página de configuración alguien que no haya intervenido.',
  'handed.countsFrom': 'Si nadie interviene, cuenta desde',
  'nav.tokens': 'Testigos de la API',
  'tokens.about':
    'Con ellos los programas usan la API del centro. Un testigo se muestra una vez, al crearlo.',
  'tokens.empty': 'Ningún programa tiene testigo todavía.',
  'tokens.create': 'Crear un testigo',
  'tokens.once': 'Copie este testigo ahora. No se guarda en ningún sitio y no se puede volver a mostrar.',
  'tokens.for': 'Para qué es',
  'tokens.everywhere': 'Todas',
  'tokens.tenant': 'Nombre corto de la única institución que alcanza',
  'tokens.tenant.about': 'Vacío, alcanza todas.',
  'tokens.lastUsed': 'Último uso',
  'tokens.revoke': 'Terminarlo',
  'tokens.revoke.about': 'Los programas que lo usan son rechazados de inmediato.',
  'tokenState.active': 'Válido',
  'tokenState.expired': 'Caducado',
  'tokenState.revoked': 'Terminado',
  'nav.hubAudit': 'Auditoría del centro',
};
