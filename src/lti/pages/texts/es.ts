import type { Texts } from '../../../platform/i18n.ts';
import type { TextKey } from './en.ts';

export const es: Texts<TextKey> = {
  'turn.you': 'Te toca a ti',
  'turn.school': 'Le toca a tu centro',
  'turn.partner': 'Le toca al proveedor',
  'turn.hub': 'Nos toca a nosotros',
  'page.reference': 'Referencia',
  'page.next': 'Qué hacer',
  'page.engineers': 'Para quien se ocupa de esta conexión',
  'continue.title': 'Un momento',
  'continue.body': 'Tu actividad se está abriendo. Si no ocurre nada, elige «Continuar».',
  'continue.button': 'Continuar',
  'window.title': 'Abrir en una ventana nueva',
  'window.body':
    'Tu navegador separa las páginas que están dentro de otras, por eso no podemos abrir la actividad aquí. En una ventana propia sí funciona.',
  'window.bodyTool': '{{tool}} se abre en una ventana propia.',
  'window.button': 'Abrir en una ventana nueva',
  'window.opened': 'La actividad se ha abierto en una ventana nueva. Puedes dejar esta página como está.',
  'checking.title': 'Un momento',
  'checking.body': 'Estamos comprobando que eres realmente tú.',
  'framed.title': 'Actividad: {{tool}}',
  'front.console': 'Consola, para el personal del centro y administradores de las instituciones',
  'front.title': 'Gatehouse está en marcha',
  'front.body':
    'Aquí no hay nada que abrir. Las actividades se abren desde un curso de la plataforma de aprendizaje de tu centro.',
  'waiting.title': 'Ya casi está',
  'waiting.body':
    'La plataforma de aprendizaje de tu centro es nueva para nosotros. Alguien de tu centro tiene que confirmarla una vez; después se abrirá para todos.',
  'waiting.next':
    'No tienes que hacer nada. Esta página comprueba cada pocos segundos y continúa por sí sola.',
  'waiting.nextNoScript': 'Vuelve dentro de un rato y elige «Comprobar de nuevo».',
  'waiting.button': 'Comprobar de nuevo',
  'waiting.still': 'Seguimos esperando.',
  'waiting.ready': 'Confirmada. Abriendo.',
  'waiting.ended': 'La espera ha sido demasiado larga. Vuelve a abrir el enlace en tu curso.',
  'reason.course.title': 'Ábrela desde tu curso',
  'reason.course.happened': 'Esta dirección solo funciona desde la plataforma de aprendizaje de tu centro.',
  'reason.course.next': 'Ve a tu curso y abre la actividad allí.',
  'reason.expired.title': 'Ábrela de nuevo, por favor',
  'reason.expired.happened': 'La apertura tardó demasiado o ya se había usado una vez.',
  'reason.expired.next': 'Vuelve a tu curso y abre la actividad de nuevo.',
  'reason.browser.title': 'Tu navegador lo ha impedido',
  'reason.browser.happened':
    'No pudimos comprobar que la actividad se abriera desde este navegador, así que nos detuvimos para protegerte.',
  'reason.browser.next':
    'Vuelve a tu curso y abre la actividad de nuevo. Si vuelve a ocurrir, ábrela en una ventana nueva o prueba con otro navegador.',
  'reason.setup.title': 'Esta conexión aún no está lista',
  'reason.setup.happened':
    'La plataforma de aprendizaje de tu centro y este servicio no están configurados de forma que encajen.',
  'reason.setup.next': 'Avisa al soporte informático de tu centro y dales la referencia de abajo.',
  'reason.message.title': 'No pudimos fiarnos de esta apertura',
  'reason.message.happened': 'La plataforma de aprendizaje de tu centro envió algo que no pudimos confirmar.',
  'reason.message.next':
    'Abre la actividad de nuevo. Si vuelve a ocurrir, avisa al soporte informático de tu centro y dales la referencia de abajo.',
  'reason.unreachable.title': 'La plataforma de aprendizaje no responde',
  'reason.unreachable.happened':
    'No pudimos contactar con la plataforma de aprendizaje de tu centro para confirmar esta apertura.',
  'reason.unreachable.next': 'Espera un minuto y abre la actividad de nuevo.',
  'reason.refused.title': 'La plataforma de aprendizaje dijo que no',
  'reason.refused.happened': 'La plataforma de aprendizaje de tu centro no permitió abrir esta actividad.',
  'reason.refused.next':
    'Inicia sesión otra vez en tu plataforma de aprendizaje y abre la actividad desde tu curso. Si vuelve a ocurrir, pregunta a tu docente si puedes usarla.',
  'reason.waiting.title': 'A la espera de tu centro',
  'reason.waiting.happened':
    'La plataforma de aprendizaje de tu centro es nueva para nosotros y hay que confirmarla una vez.',
  'reason.waiting.next':
    'Pide al soporte informático de tu centro que la confirme y dales la referencia de abajo.',
  'reason.link.title': 'Este enlace no lleva a ninguna parte',
  'reason.link.happened': 'El enlace de tu curso no corresponde a ninguna actividad que conozcamos.',
  'reason.link.next': 'Avisa a tu docente para que vuelva a añadir el enlace al curso.',
  'reason.off.title': 'No está activada para tu centro',
  'reason.off.happened': 'Esta actividad no está activada para tu centro en este momento.',
  'reason.off.next': 'Pregunta a tu docente o al soporte informático de tu centro si debería estarlo.',
  'reason.identity.title': 'No sabemos quién eres',
  'reason.identity.happened':
    'La plataforma de aprendizaje de tu centro no indicó quién abre esta actividad.',
  'reason.identity.next': 'Avisa al soporte informático de tu centro y dales la referencia de abajo.',
  'reason.tool.title': 'La actividad no se pudo abrir',
  'reason.tool.happened': 'La actividad pidió su inicio de un modo que no se ajusta a lo acordado.',
  'reason.tool.next':
    'Vuelve a tu curso y ábrela de nuevo. Si vuelve a ocurrir, avisa al soporte informático de tu centro; quien hizo la actividad tiene que arreglarla.',
  'reason.busy.title': 'Muchísima gente a la vez',
  'reason.busy.happened': 'Llegaron más aperturas de las que podemos atender a la vez.',
  'reason.busy.next': 'Espera un minuto y abre la actividad de nuevo.',
  'reason.internal.title': 'Algo ha fallado por nuestra parte',
  'reason.internal.happened': 'No pudimos terminar de abrir la actividad. No ha sido culpa tuya.',
  'reason.internal.next': 'Abre la actividad de nuevo dentro de unos minutos. Ya vemos que ha fallado.',
  'choose.title': 'Elige una herramienta',
  'choose.body': '¿Dónde quieres buscar contenido para tu curso?',
  'choose.privacy': '¿De qué herramienta son los datos de los que se trata?',
  'choose.cancel': 'Volver sin elegir',
  'answer.title': 'Antes de volver',
  'answer.said': '{{tool}} dice:',
  'answer.first':
    'Tu plataforma de aprendizaje acepta aquí una sola cosa a la vez, así que solo se añade la primera.',
  'answer.left': 'Tu plataforma de aprendizaje no acepta aquí este tipo de contenido. Sin añadir: {{count}}.',
  'answer.button': 'Volver a tu curso',
  'reason.content.title': 'No se pudo añadir tu elección',
  'reason.content.happened':
    'La herramienta devolvió algo que no pudimos confirmar, así que no se añadió nada a tu curso.',
  'reason.content.next':
    'Vuelve a tu curso y elige otra vez. Si vuelve a ocurrir, avisa al soporte informático de tu centro y dale la referencia de abajo; quien hace la herramienta tiene que arreglarlo.',
  'reason.chooseAgain.title': 'Elige otra vez, por favor',
  'reason.chooseAgain.happened': 'Esta elección ya se había añadido, o tardó demasiado.',
  'reason.chooseAgain.next': 'Mira si está en tu curso. Si no está, elige el contenido de nuevo.',
  'reason.pasteLink.title': 'Introduce esta dirección en tu plataforma de aprendizaje',
  'reason.pasteLink.happened':
    'Este es un enlace de configuración. Funciona cuando lo abre tu plataforma de aprendizaje.',
  'reason.pasteLink.next':
    'Entra en tu plataforma de aprendizaje como administrador, ve a donde se registran las herramientas e introduce allí la dirección de esta página.',
  'reason.setupLink.title': 'Este enlace de configuración ya no funciona',
  'reason.setupLink.happened': 'Ya se usó, ha caducado o fue retirado.',
  'reason.setupLink.next':
    'Si tu plataforma de aprendizaje aún no está conectada, pide un enlace nuevo a quien te dio este.',
  'reason.setupBusy.title': 'Alguien está conectando ahora mismo',
  'reason.setupBusy.happened': 'Este enlace de configuración se está usando en este momento.',
  'reason.setupBusy.next': 'Espera un minuto y empieza de nuevo en tu plataforma de aprendizaje.',
  'reason.registration.title': 'No se pudo conectar tu plataforma de aprendizaje',
  'reason.registration.happened':
    'Lo que nos dijo tu plataforma de aprendizaje no se pudo usar. Aquí no cambió nada y el enlace de configuración sigue funcionando.',
  'reason.registration.next':
    'Empieza de nuevo en tu plataforma de aprendizaje. Si vuelve a ocurrir, da la referencia de abajo a quien te dio el enlace.',
  'registered.title': '{{platform}} está conectado',
  'registered.body': '{{platform}} y este servicio ya se conocen. Lo que queda por hacer en {{platform}}:',
  'registered.canvas':
    'Canvas muestra ahora lo que se ha pedido. Compruébalo, instálalo y elige las cuentas o los cursos que pueden usarlo.',
  'registered.moodle':
    'La herramienta nueva está pendiente. Elige «Activar», abre después su configuración y haz que aparezca en el selector de actividades.',
  'registered.blackboard':
    'En cada centro, añade esta herramienta con el ID de cliente de abajo y apruébala. Su primera apertura espera aquí hasta que alguien confirme el centro.',
  'registered.brightspace':
    'Habilita el registro, crea después un despliegue con tareas y calificaciones, nombres y roles y vinculación profunda, y compártelo con tus unidades.',
  'registered.sakai':
    'Abre la configuración de la herramienta nueva, comprueba que la lista, las calificaciones y la selección de contenido estén activadas y elige dónde puede usarse.',
  'registered.generic':
    'Activa la herramienta nueva, permítele calificaciones, nombres y selección de contenido, y elige dónde puede usarse.',
  'registered.missing':
    'No permitido por {{platform}}: {{scopes}}. Sin esto, algunas herramientas no pueden devolver calificaciones ni mostrar listas de clase.',
  'registered.clientId': 'ID de cliente',
  'registered.button': 'Listo',
};
