import type { Texts } from '../../../platform/i18n.ts';
import type { SignInTextKey } from './en.ts';

export const de: Texts<SignInTextKey> = {
  'signIn.title': 'Anmelden: {{school}}',
  'signIn.choose': 'Wie melden Sie sich an?',
  'signIn.with': 'Mit {{name}} anmelden',
  'signIn.email': 'Ihre E-Mail-Adresse an der Schule',
  'signIn.emailUnknown':
    'Zu dieser Adresse gehört keine Anmeldung. Prüfen Sie sie, oder wählen Sie eine nach ihrem Namen.',
  'signIn.continue': 'Weiter',
  'signIn.otherWay': 'Anders anmelden',
  'signIn.none':
    'Hier kann man sich noch nicht anmelden. Fragen Sie an Ihrer Schule, wer sich darum kümmert.',
  'signIn.user': 'Benutzername',
  'signIn.password': 'Passwort',
  'signIn.button': 'Anmelden',
  'signIn.again': 'Noch einmal versuchen',
  'signIn.signedOut': 'Sie sind abgemeldet.',
  'signIn.signedOutBody': 'Schließen Sie dieses Fenster, wenn auch andere dieses Gerät benutzen.',
  'signIn.helpDesk': 'Für die Hilfestelle',
  'signIn.reason.account.title': 'Ihr Konto kann nicht benutzt werden',
  'signIn.reason.account.happened':
    'Ihr Passwort war richtig, aber das Konto ist geschlossen, gesperrt oder abgelaufen.',
  'signIn.reason.account.next': 'Bitten Sie die Hilfestelle Ihrer Schule, das Konto wieder zu öffnen.',
  'signIn.reason.browser.title': 'Bitte fangen Sie noch einmal an',
  'signIn.reason.browser.happened':
    'Wir konnten nicht sicher sein, dass dies der Browser ist, in dem Sie angefangen haben.',
  'signIn.reason.browser.next':
    'Erlauben Sie Cookies für diese Seite und melden Sie sich im selben Fenster noch einmal an.',
  'signIn.reason.busy.title': 'Gerade ist viel los',
  'signIn.reason.busy.happened': 'Zu viele melden sich im selben Augenblick an.',
  'signIn.reason.busy.next': 'Warten Sie einen Moment und versuchen Sie es noch einmal.',
  'signIn.reason.credentials.title': 'Das hat nicht geklappt',
  'signIn.reason.credentials.happened': 'Der Benutzername oder das Passwort stimmt nicht.',
  'signIn.reason.credentials.next':
    'Geben Sie beides noch einmal ein. Beim Passwort zählen große und kleine Buchstaben.',
  'signIn.reason.declined.title': 'Sie wurden nicht eingelassen',
  'signIn.reason.declined.happened': 'Die Anmeldeseite Ihrer Schule endete, ohne Sie einzulassen.',
  'signIn.reason.declined.next':
    'Versuchen Sie es noch einmal. Geschieht es wieder, fragen Sie die Hilfestelle Ihrer Schule.',
  'signIn.reason.directory.title': 'Die Anmeldung Ihrer Schule ist nicht erreichbar',
  'signIn.reason.directory.happened':
    'Die Rechner Ihrer Schule haben uns nicht geantwortet. An Ihrem Passwort lag es nicht.',
  'signIn.reason.directory.next': 'Versuchen Sie es in einigen Minuten noch einmal.',
  'signIn.reason.expired.title': 'Bitte melden Sie sich noch einmal an',
  'signIn.reason.expired.happened': 'Diese Anmeldung hat zu lange gedauert, oder sie wurde schon benutzt.',
  'signIn.reason.expired.next': 'Fangen Sie auf der Anmeldeseite noch einmal an.',
  'signIn.reason.message.title': 'Unterwegs ging etwas schief',
  'signIn.reason.message.happened':
    'Was uns die Anmeldeseite Ihrer Schule geschickt hat, war nicht zu verstehen oder nicht zu glauben.',
  'signIn.reason.message.next':
    'Versuchen Sie es noch einmal. Geschieht es wieder, geben Sie die Kennung unten der Hilfestelle Ihrer Schule.',
  'signIn.reason.password.title': 'Ihr Passwort muss geändert werden',
  'signIn.reason.password.happened': 'Ihr Passwort war richtig, aber es ist abgelaufen.',
  'signIn.reason.password.next':
    'Ändern Sie es so, wie es an Ihrer Schule üblich ist, und melden Sie sich dann hier an.',
  'signIn.reason.setup.title': 'Diese Anmeldung ist nicht richtig eingerichtet',
  'signIn.reason.setup.happened': 'Die Verbindung zwischen Ihrer Schule und uns muss nachgesehen werden.',
  'signIn.reason.setup.next':
    'Geben Sie die Kennung unten der Hilfestelle Ihrer Schule. Sie haben nichts falsch gemacht.',
  'signIn.reason.unknown.title': 'Wir kennen Sie noch nicht',
  'signIn.reason.unknown.happened':
    'Sie haben sich an Ihrer Schule angemeldet, aber wir haben Sie in deren Listen nicht gefunden.',
  'signIn.reason.unknown.next': 'Geben Sie die Kennung unten der Hilfestelle Ihrer Schule.',
  'signIn.reason.wait.title': 'Bitte warten Sie ein wenig',
  'signIn.reason.wait.happened': 'Es gab zu viele Versuche, die nicht geklappt haben.',
  'signIn.reason.wait.next':
    'Warten Sie {{minutes}} Minuten und versuchen Sie es dann mit dem richtigen Passwort.',
  'portal.title': '{{school}}: Ihre Werkzeuge',
  'portal.hello': 'Hallo, {{name}}',
  'portal.classes': 'Ihre Klassen',
  'portal.noClasses': 'Sie sind zurzeit in keiner Klasse.',
  'portal.tools': 'Werkzeuge',
  'portal.noTools': 'Hier gibt es noch keine Werkzeuge für Sie.',
  'portal.open': '{{tool}} für {{class}} öffnen',
  'portal.openAlone': '{{tool}} öffnen',
  'portal.gradesWait': 'Punkte von hier warten, bis Ihre Schule sagt, wohin sie gehen.',
  'portal.all': 'Alle Klassen',
  'portal.previous': 'Zurück',
  'portal.more': 'Mehr',
  'portal.page': 'Seite {{page}} von {{pages}}',
  'portal.refused.title': 'Das ging nicht auf',
  'portal.refused.tool': 'Dieses Werkzeug ist für Ihre Schule nicht mehr eingeschaltet.',
  'portal.refused.class': 'Sie sind nicht mehr in dieser Klasse.',
  'portal.signOut': 'Abmelden',
  'portal.roles.student': 'Schülerin oder Schüler',
  'portal.roles.teacher': 'Lehrkraft',
  'portal.roles.staff': 'Mitarbeiterin oder Mitarbeiter',
  'portal.roles.administrator': 'Verwaltung',
  'portal.roles.guardian': 'Erziehungsberechtigte',
};
