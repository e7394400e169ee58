import type { Texts } from '../../../platform/i18n.ts';
import type { TextKey } from './en.ts';

export const fr: Texts<TextKey> = {
  'turn.you': 'À vous de jouer',
  'turn.school': 'Au tour de votre établissement',
  'turn.partner': 'Au tour du fournisseur',
  'turn.hub': 'À notre tour',
  'page.reference': 'Référence',
  'page.next': 'Que faire',
  'page.engineers': 'Pour la personne qui gère cette connexion',
  'continue.title': 'Un instant',
  'continue.body': 'Votre activité s’ouvre. Si rien ne se passe, choisissez « Continuer ».',
  'continue.button': 'Continuer',
  'window.title': 'Ouvrir dans une nouvelle fenêtre',
  'window.body':
    'Votre navigateur isole les pages placées dans d’autres pages ; nous ne pouvons donc pas ouvrir l’activité ici. Dans sa propre fenêtre, cela fonctionne.',
  'window.bodyTool': '{{tool}} s’ouvre dans sa propre fenêtre.',
  'window.button': 'Ouvrir dans une nouvelle fenêtre',
  'window.opened':
    'L’activité s’est ouverte dans une nouvelle fenêtre. Vous pouvez laisser cette page telle quelle.',
  'checking.title': 'Un instant',
  'checking.body': 'Nous vérifions qu’il s’agit bien de vous.',
  'framed.title': 'Activité : {{tool}}',
  'front.console': 'Console, pour le personnel du hub et les administrateurs des établissements',
  'front.title': 'Gatehouse fonctionne',
  'front.body':
    'Il n’y a rien à ouvrir ici. Les activités s’ouvrent depuis un cours de la plateforme d’apprentissage de votre établissement.',
  'waiting.title': 'Presque terminé',
  'waiting.body':
    'La plateforme d’apprentissage de votre établissement est nouvelle pour nous. Une personne de votre établissement doit la confirmer une fois ; ensuite, tout le monde pourra ouvrir l’activité.',
  'waiting.next':
    'Vous n’avez rien à faire. Cette page vérifie toutes les quelques secondes et continue d’elle-même.',
  'waiting.nextNoScript': 'Revenez un peu plus tard et choisissez « Vérifier à nouveau ».',
  'waiting.button': 'Vérifier à nouveau',
  'waiting.still': 'Toujours en attente.',
  'waiting.ready': 'Confirmé. Ouverture en cours.',
  'waiting.ended': 'L’attente a été trop longue. Ouvrez à nouveau le lien dans votre cours.',
  'reason.course.title': 'Ouvrez-la depuis votre cours',
  'reason.course.happened':
    'Cette adresse ne fonctionne que depuis la plateforme d’apprentissage de votre établissement.',
  'reason.course.next': 'Allez à votre cours et ouvrez-y l’activité.',
  'reason.expired.title': 'Veuillez l’ouvrir à nouveau',
  'reason.expired.happened': 'Cette ouverture a pris trop de temps ou a déjà servi une fois.',
  'reason.expired.next': 'Retournez à votre cours et ouvrez de nouveau l’activité.',
  'reason.browser.title': 'Votre navigateur a fait obstacle',
  'reason.browser.happened':
    'Nous n’avons pas pu vérifier que l’activité a été ouverte depuis ce navigateur ; nous nous sommes arrêtés pour vous protéger.',
  'reason.browser.next':
    'Retournez à votre cours et ouvrez de nouveau l’activité. Si cela se reproduit, ouvrez-la dans une nouvelle fenêtre ou essayez un autre navigateur.',
  'reason.setup.title': 'Cette connexion n’est pas encore prête',
  'reason.setup.happened':
    'La plateforme d’apprentissage de votre établissement et ce service ne sont pas réglés pour fonctionner ensemble.',
  'reason.setup.next':
    'Prévenez le service informatique de votre établissement et donnez-lui la référence ci-dessous.',
  'reason.message.title': 'Nous n’avons pas pu nous fier à cette ouverture',
  'reason.message.happened':
    'La plateforme d’apprentissage de votre établissement a envoyé quelque chose que nous n’avons pas pu confirmer.',
  'reason.message.next':
    'Ouvrez de nouveau l’activité. Si cela se reproduit, prévenez le service informatique de votre établissement et donnez-lui la référence ci-dessous.',
  'reason.unreachable.title': 'La plateforme d’apprentissage ne répond pas',
  'reason.unreachable.happened':
    'Nous n’avons pas pu joindre la plateforme d’apprentissage de votre établissement pour confirmer cette ouverture.',
  'reason.unreachable.next': 'Attendez une minute et ouvrez de nouveau l’activité.',
  'reason.refused.title': 'La plateforme d’apprentissage a refusé',
  'reason.refused.happened':
    'La plateforme d’apprentissage de votre établissement n’a pas permis l’ouverture de cette activité.',
  'reason.refused.next':
    'Reconnectez-vous à votre plateforme d’apprentissage et ouvrez l’activité depuis votre cours. Si cela se reproduit, demandez à votre enseignant si vous pouvez l’utiliser.',
  'reason.waiting.title': 'En attente de votre établissement',
  'reason.waiting.happened':
    'La plateforme d’apprentissage de votre établissement est nouvelle pour nous et doit être confirmée une fois.',
  'reason.waiting.next':
    'Demandez au service informatique de votre établissement de la confirmer et donnez-lui la référence ci-dessous.',
  'reason.link.title': 'Ce lien ne mène nulle part',
  'reason.link.happened': 'Le lien de votre cours ne correspond à aucune activité que nous connaissons.',
  'reason.link.next': 'Prévenez votre enseignant afin que le lien soit ajouté de nouveau au cours.',
  'reason.off.title': 'Non activée pour votre établissement',
  'reason.off.happened': 'Cette activité n’est pas activée pour votre établissement en ce moment.',
  'reason.off.next':
    'Demandez à votre enseignant ou au service informatique de votre établissement si elle devrait l’être.',
  'reason.identity.title': 'Nous ne savons pas qui vous êtes',
  'reason.identity.happened':
    'La plateforme d’apprentissage de votre établissement n’a pas indiqué qui ouvre cette activité.',
  'reason.identity.next':
    'Prévenez le service informatique de votre établissement et donnez-lui la référence ci-dessous.',
  'reason.tool.title': 'L’activité n’a pas pu s’ouvrir',
  'reason.tool.happened':
    'L’activité a demandé son démarrage d’une façon qui ne correspond pas à ce qui était convenu.',
  'reason.tool.next':
    'Retournez à votre cours et ouvrez-la de nouveau. Si cela se reproduit, prévenez le service informatique de votre établissement ; c’est à l’éditeur de l’activité de la corriger.',
  'reason.busy.title': 'Beaucoup de monde en même temps',
  'reason.busy.happened': 'Il y a plus d’ouvertures que nous ne pouvons en traiter en même temps.',
  'reason.busy.next': 'Attendez une minute et ouvrez de nouveau l’activité.',
  'reason.internal.title': 'Un problème est survenu de notre côté',
  'reason.internal.happened':
    'Nous n’avons pas pu terminer l’ouverture de l’activité. Vous n’y êtes pour rien.',
  'reason.internal.next':
    'Ouvrez de nouveau l’activité dans quelques minutes. Nous voyons déjà que l’ouverture a échoué.',
  'choose.title': 'Choisissez un outil',
  'choose.body': 'Où voulez-vous chercher du contenu pour votre cours ?',
  'choose.privacy': 'De quel outil s’agit-il pour ces données ?',
  'choose.cancel': 'Revenir sans choisir',
  'answer.title': 'Avant de revenir',
  'answer.said': '{{tool}} indique :',
  'answer.first':
    'Votre plateforme d’apprentissage n’accepte ici qu’un élément à la fois : seul le premier est ajouté.',
  'answer.left':
    'Votre plateforme d’apprentissage n’accepte pas ici ce type de contenu. Non ajoutés : {{count}}.',
  'answer.button': 'Revenir au cours',
  'reason.content.title': 'Votre choix n’a pas pu être ajouté',
  'reason.content.happened':
    'L’outil a renvoyé quelque chose que nous n’avons pas pu confirmer : rien n’a été ajouté à votre cours.',
  'reason.content.next':
    'Revenez à votre cours et choisissez à nouveau. Si cela se reproduit, prévenez l’assistance informatique de votre établissement et donnez-lui la référence ci-dessous ; c’est au fabricant de l’outil de corriger.',
  'reason.chooseAgain.title': 'Veuillez choisir à nouveau',
  'reason.chooseAgain.happened': 'Ce choix a déjà été ajouté, ou cela a pris trop de temps.',
  'reason.chooseAgain.next':
    'Regardez s’il est dans votre cours. Sinon, choisissez le contenu encore une fois.',
  'reason.pasteLink.title': 'Saisissez cette adresse dans votre plateforme d’apprentissage',
  'reason.pasteLink.happened':
    'Ceci est un lien de configuration. Il agit quand votre plateforme d’apprentissage l’ouvre.',
  'reason.pasteLink.next':
    'Connectez-vous à votre plateforme d’apprentissage comme administrateur, allez là où les outils sont enregistrés et saisissez-y l’adresse de cette page.',
  'reason.setupLink.title': 'Ce lien de configuration ne fonctionne plus',
  'reason.setupLink.happened': 'Il a déjà été utilisé, a expiré ou a été retiré.',
  'reason.setupLink.next':
    'Si votre plateforme d’apprentissage n’est pas encore connectée, demandez un nouveau lien à la personne qui vous a donné celui-ci.',
  'reason.setupBusy.title': 'Une connexion est en cours',
  'reason.setupBusy.happened': 'Ce lien de configuration est utilisé en ce moment même.',
  'reason.setupBusy.next': 'Attendez une minute et recommencez dans votre plateforme d’apprentissage.',
  'reason.registration.title': 'Votre plateforme d’apprentissage n’a pas pu être connectée',
  'reason.registration.happened':
    'Ce que votre plateforme d’apprentissage nous a dit n’était pas utilisable. Rien n’a changé ici et le lien de configuration fonctionne toujours.',
  'reason.registration.next':
    'Recommencez dans votre plateforme d’apprentissage. Si cela se reproduit, donnez la référence ci-dessous à la personne qui vous a donné le lien.',
  'registered.title': '{{platform}} est connecté',
  'registered.body':
    '{{platform}} et ce service se connaissent maintenant. Ce qui reste à faire dans {{platform}} :',
  'registered.canvas':
    'Canvas montre maintenant ce qui a été demandé. Vérifiez-le, installez-le et choisissez les comptes ou les cours qui peuvent l’utiliser.',
  'registered.moodle':
    'Le nouvel outil est en attente. Choisissez « Activer », ouvrez ensuite ses réglages et faites-le apparaître dans le sélecteur d’activités.',
  'registered.blackboard':
    'Dans chaque établissement, ajoutez cet outil avec l’identifiant client ci-dessous et approuvez-le. Sa première ouverture attend ici que quelqu’un confirme l’établissement.',
  'registered.brightspace':
    'Activez l’enregistrement, créez ensuite un déploiement avec devoirs et notes, noms et rôles et liens profonds, et partagez-le avec vos unités.',
  'registered.sakai':
    'Ouvrez les réglages du nouvel outil, vérifiez que la liste, les notes et le choix de contenu sont activés, et choisissez où il peut être utilisé.',
  'registered.generic':
    'Activez le nouvel outil, autorisez-lui les notes, les noms et le choix de contenu, et choisissez où il peut être utilisé.',
  'registered.missing':
    'Non autorisé par {{platform}} : {{scopes}}. Sans cela, certains outils ne peuvent ni renvoyer de notes ni afficher de listes de classe.',
  'registered.clientId': 'Identifiant client',
  'registered.button': 'Terminé',
};
