import type { Texts } from '../../../platform/i18n.ts';
import type { TextKey } from './en.ts';

export const de: Texts<TextKey> = {
  'turn.you': 'Jetzt bist du dran',
  'turn.school': 'Jetzt ist deine Schule dran',
  'turn.partner': 'Jetzt ist der Anbieter dran',
  'turn.hub': 'Jetzt sind wir dran',
  'page.reference': 'Kennung',
  'page.next': 'Was zu tun ist',
  'page.engineers': 'Für alle, die diese Verbindung betreuen',
  'continue.title': 'Einen Moment',
  'continue.body': 'Deine Aktivität wird geöffnet. Wenn nichts passiert, wähle „Weiter“.',
  'continue.button': 'Weiter',
  'window.title': 'In einem neuen Fenster öffnen',
  'window.body':
    'Dein Browser trennt Seiten, die in anderen Seiten stecken. Deshalb können wir die Aktivität hier nicht öffnen. In einem eigenen Fenster klappt es.',
  'window.bodyTool': '{{tool}} öffnet sich in einem eigenen Fenster.',
  'window.button': 'In neuem Fenster öffnen',
  'window.opened': 'Die Aktivität ist in einem neuen Fenster offen. Diese Seite kannst du so lassen.',
  'checking.title': 'Einen Moment',
  'checking.body': 'Wir prüfen, ob du es wirklich bist.',
  'framed.title': 'Aktivität: {{tool}}',
  'front.console': 'Konsole, für das Personal des Hubs und Administratoren der Einrichtungen',
  'front.title': 'Gatehouse läuft',
  'front.body':
    'Hier gibt es nichts zu öffnen. Aktivitäten öffnen sich aus einem Kurs in der Lernplattform deiner Schule.',
  'waiting.title': 'Fast geschafft',
  'waiting.body':
    'Die Lernplattform deiner Schule ist neu für uns. Jemand an deiner Schule muss sie einmal bestätigen; danach öffnet sich die Aktivität für alle.',
  'waiting.next':
    'Du musst nichts tun. Diese Seite schaut alle paar Sekunden nach und geht von selbst weiter.',
  'waiting.nextNoScript': 'Komm später wieder und wähle „Noch einmal nachsehen“.',
  'waiting.button': 'Noch einmal nachsehen',
  'waiting.still': 'Wir warten noch.',
  'waiting.ready': 'Bestätigt. Wird geöffnet.',
  'waiting.ended': 'Es hat zu lange gedauert. Öffne den Link in deinem Kurs noch einmal.',
  'reason.course.title': 'Bitte aus dem Kurs öffnen',
  'reason.course.happened': 'Diese Adresse funktioniert nur innerhalb der Lernplattform deiner Schule.',
  'reason.course.next': 'Geh in deinen Kurs und öffne die Aktivität dort.',
  'reason.expired.title': 'Bitte noch einmal öffnen',
  'reason.expired.happened': 'Das Öffnen hat zu lange gedauert, oder es wurde schon einmal benutzt.',
  'reason.expired.next': 'Geh zurück in deinen Kurs und öffne die Aktivität noch einmal.',
  'reason.browser.title': 'Dein Browser stand im Weg',
  'reason.browser.happened':
    'Wir konnten nicht sicherstellen, dass die Aktivität aus diesem Browser geöffnet wurde. Zu deinem Schutz haben wir angehalten.',
  'reason.browser.next':
    'Geh zurück in deinen Kurs und öffne die Aktivität noch einmal. Wenn es wieder passiert, öffne sie in einem neuen Fenster oder nimm einen anderen Browser.',
  'reason.setup.title': 'Diese Verbindung ist noch nicht fertig',
  'reason.setup.happened':
    'Die Lernplattform deiner Schule und dieser Dienst sind nicht passend zueinander eingerichtet.',
  'reason.setup.next': 'Sag der IT-Betreuung deiner Schule Bescheid und nenne ihr die Kennung unten.',
  'reason.message.title': 'Wir konnten diesem Aufruf nicht vertrauen',
  'reason.message.happened':
    'Die Lernplattform deiner Schule hat etwas geschickt, das wir nicht bestätigen konnten.',
  'reason.message.next':
    'Öffne die Aktivität noch einmal. Wenn es wieder passiert, sag der IT-Betreuung deiner Schule Bescheid und nenne ihr die Kennung unten.',
  'reason.unreachable.title': 'Die Lernplattform antwortet nicht',
  'reason.unreachable.happened':
    'Wir konnten die Lernplattform deiner Schule nicht erreichen, um das Öffnen zu bestätigen.',
  'reason.unreachable.next': 'Warte eine Minute und öffne die Aktivität noch einmal.',
  'reason.refused.title': 'Die Lernplattform hat abgelehnt',
  'reason.refused.happened': 'Die Lernplattform deiner Schule hat diese Aktivität nicht öffnen lassen.',
  'reason.refused.next':
    'Melde dich neu an deiner Lernplattform an und öffne die Aktivität aus deinem Kurs. Wenn es wieder passiert, frag deine Lehrkraft, ob du sie benutzen darfst.',
  'reason.waiting.title': 'Wir warten auf deine Schule',
  'reason.waiting.happened':
    'Die Lernplattform deiner Schule ist neu für uns und muss einmal bestätigt werden.',
  'reason.waiting.next':
    'Bitte die IT-Betreuung deiner Schule, sie zu bestätigen, und nenne ihr die Kennung unten.',
  'reason.link.title': 'Dieser Link führt nirgendwohin',
  'reason.link.happened': 'Der Link in deinem Kurs gehört zu keiner Aktivität, die wir kennen.',
  'reason.link.next': 'Sag deiner Lehrkraft Bescheid, damit der Link neu in den Kurs kommt.',
  'reason.off.title': 'Für deine Schule nicht eingeschaltet',
  'reason.off.happened': 'Diese Aktivität ist für deine Schule gerade nicht eingeschaltet.',
  'reason.off.next': 'Frag deine Lehrkraft oder die IT-Betreuung deiner Schule, ob sie es sein sollte.',
  'reason.identity.title': 'Wir wissen nicht, wer du bist',
  'reason.identity.happened': 'Die Lernplattform deiner Schule hat nicht gesagt, wer diese Aktivität öffnet.',
  'reason.identity.next': 'Sag der IT-Betreuung deiner Schule Bescheid und nenne ihr die Kennung unten.',
  'reason.tool.title': 'Die Aktivität ließ sich nicht öffnen',
  'reason.tool.happened': 'Die Aktivität wollte auf eine Weise starten, die nicht zum Vereinbarten passt.',
  'reason.tool.next':
    'Geh zurück in deinen Kurs und öffne sie noch einmal. Wenn es wieder passiert, sag der IT-Betreuung deiner Schule Bescheid; der Hersteller der Aktivität muss das beheben.',
  'reason.busy.title': 'Sehr viele auf einmal',
  'reason.busy.happened': 'Es kamen mehr Aufrufe an, als wir gleichzeitig schaffen.',
  'reason.busy.next': 'Warte eine Minute und öffne die Aktivität noch einmal.',
  'reason.internal.title': 'Bei uns ist etwas schiefgegangen',
  'reason.internal.happened': 'Wir konnten die Aktivität nicht fertig öffnen. Es lag nicht an dir.',
  'reason.internal.next':
    'Öffne die Aktivität in ein paar Minuten noch einmal. Wir sehen schon, dass es nicht geklappt hat.',
  'choose.title': 'Wähle ein Werkzeug',
  'choose.body': 'Wo möchtest du nach Inhalten für deinen Kurs suchen?',
  'choose.privacy': 'Um die Daten bei welchem Werkzeug geht es?',
  'choose.cancel': 'Ohne Auswahl zurückgehen',
  'answer.title': 'Bevor du zurückgehst',
  'answer.said': '{{tool}} meldet:',
  'answer.first':
    'Deine Lernplattform nimmt hier nur eine Sache auf einmal an, deshalb wird nur die erste hinzugefügt.',
  'answer.left':
    'Deine Lernplattform nimmt diese Art von Inhalt hier nicht an. Nicht hinzugefügt: {{count}}.',
  'answer.button': 'Zurück zum Kurs',
  'reason.content.title': 'Deine Auswahl ließ sich nicht hinzufügen',
  'reason.content.happened':
    'Das Werkzeug hat etwas zurückgeschickt, das wir nicht bestätigen konnten. Deshalb kam nichts in deinen Kurs.',
  'reason.content.next':
    'Geh zurück in deinen Kurs und wähle noch einmal. Wenn es wieder passiert, sag der IT-Betreuung deiner Schule Bescheid und nenne ihr die Kennung unten; der Hersteller des Werkzeugs muss das beheben.',
  'reason.chooseAgain.title': 'Bitte wähle noch einmal',
  'reason.chooseAgain.happened': 'Diese Auswahl wurde schon hinzugefügt, oder es hat zu lange gedauert.',
  'reason.chooseAgain.next':
    'Sieh nach, ob sie in deinem Kurs ist. Wenn nicht, wähle den Inhalt noch einmal.',
  'reason.pasteLink.title': 'Diese Adresse gehört in deine Lernplattform',
  'reason.pasteLink.happened': 'Das ist ein Einrichtungslink. Er wirkt, wenn deine Lernplattform ihn öffnet.',
  'reason.pasteLink.next':
    'Melde dich in deiner Lernplattform als Administrator an, geh dorthin, wo Werkzeuge registriert werden, und gib dort die Adresse dieser Seite ein.',
  'reason.setupLink.title': 'Dieser Einrichtungslink gilt nicht mehr',
  'reason.setupLink.happened': 'Er wurde schon benutzt, ist abgelaufen oder wurde zurückgezogen.',
  'reason.setupLink.next':
    'Wenn deine Lernplattform noch nicht verbunden ist, bitte um einen neuen Link, wo du diesen bekommen hast.',
  'reason.setupBusy.title': 'Gerade wird schon verbunden',
  'reason.setupBusy.happened': 'Dieser Einrichtungslink wird in diesem Moment benutzt.',
  'reason.setupBusy.next': 'Warte eine Minute und beginne in deiner Lernplattform noch einmal.',
  'reason.registration.title': 'Deine Lernplattform ließ sich nicht verbinden',
  'reason.registration.happened':
    'Was deine Lernplattform uns gesagt hat, war nicht zu gebrauchen. Hier wurde nichts geändert, und der Einrichtungslink gilt weiter.',
  'reason.registration.next':
    'Beginne in deiner Lernplattform noch einmal. Wenn es wieder passiert, nenne die Kennung unten, wo du den Link bekommen hast.',
  'registered.title': '{{platform}} ist verbunden',
  'registered.body': '{{platform}} und dieser Dienst kennen sich jetzt. Was in {{platform}} noch zu tun ist:',
  'registered.canvas':
    'Canvas zeigt jetzt, worum gebeten wurde. Prüfe es, installiere es und wähle die Bereiche oder Kurse, die es benutzen dürfen.',
  'registered.moodle':
    'Das neue Werkzeug wartet noch. Wähle dort „Aktivieren“, öffne dann seine Einstellungen und lass es in der Aktivitätenauswahl erscheinen.',
  'registered.blackboard':
    'Füge an jeder Schule dieses Werkzeug mit der Client-ID unten hinzu und genehmige es. Der erste Aufruf wartet hier, bis jemand die Schule bestätigt.',
  'registered.brightspace':
    'Schalte die Registrierung ein, lege dann eine Bereitstellung mit Aufgaben und Noten, Namen und Rollen und Deep Linking an und gib sie für deine Organisationseinheiten frei.',
  'registered.sakai':
    'Öffne die Einstellungen des neuen Werkzeugs, prüfe, dass Teilnehmerliste, Noten und Inhaltsauswahl eingeschaltet sind, und wähle, wo es benutzt werden darf.',
  'registered.generic':
    'Schalte das neue Werkzeug ein, erlaube ihm Noten, Namen und Inhaltsauswahl und wähle, wo es benutzt werden darf.',
  'registered.missing':
    'Von {{platform}} nicht erlaubt: {{scopes}}. Ohne das können manche Werkzeuge keine Noten zurückgeben oder keine Klassenlisten zeigen.',
  'registered.clientId': 'Client-ID',
  'registered.button': 'Fertig',
};
