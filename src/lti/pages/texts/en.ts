/** English, and the list of keys that every other language has too. */
export const en = {
  'turn.you': 'Your turn',
  'turn.school': 'Your school’s turn',
  'turn.partner': 'The provider’s turn',
  'turn.hub': 'Our turn',
  'page.reference': 'Reference',
  'page.next': 'What to do',
  'page.engineers': 'For the person who looks after this connection',
  'continue.title': 'One moment',
  'continue.body': 'Your activity is opening. If nothing happens, choose “Continue”.',
  'continue.button': 'Continue',
  'window.title': 'Open in a new window',
  'window.body':
    'Your browser keeps pages inside other pages apart, so we cannot open the activity here. In a window of its own it works.',
  'window.bodyTool': '{{tool}} opens in a window of its own.',
  'window.button': 'Open in a new window',
  'window.opened': 'The activity has opened in a new window. You can leave this page as it is.',
  'checking.title': 'One moment',
  'checking.body': 'We are making sure that it is really you.',
  'framed.title': 'Activity: {{tool}}',
  'front.console': 'Console, for the hub’s staff and administrators of institutions',
  'front.title': 'Gatehouse is running',
  'front.body':
    'There is nothing to open here. Activities open from a course in your school’s learning platform.',
  'waiting.title': 'Almost there',
  'waiting.body':
    'Your school’s learning platform is new to us. Someone at your school has to confirm it once; after that it opens for everyone.',
  'waiting.next': 'You need do nothing. This page looks every few seconds and goes on by itself.',
  'waiting.nextNoScript': 'Come back in a while and choose “Look again”.',
  'waiting.button': 'Look again',
  'waiting.still': 'Still waiting.',
  'waiting.ready': 'Confirmed. Opening now.',
  'waiting.ended': 'The wait has taken too long. Open the link in your course again.',
  'reason.course.title': 'Open this from your course',
  'reason.course.happened': 'This address works only from inside your school’s learning platform.',
  'reason.course.next': 'Go to your course and open the activity there.',
  'reason.expired.title': 'Please open it again',
  'reason.expired.happened': 'This opening took too long, or it was already used once.',
  'reason.expired.next': 'Go back to your course and open the activity again.',
  'reason.browser.title': 'Your browser stood in the way',
  'reason.browser.happened':
    'We could not make sure that the activity was opened from this browser, so we stopped to protect you.',
  'reason.browser.next':
    'Go back to your course and open the activity again. If it happens again, open it in a new window or try another browser.',
  'reason.setup.title': 'This connection is not ready yet',
  'reason.setup.happened':
    'Your school’s learning platform and this service are not set up to fit each other.',
  'reason.setup.next': 'Tell your school’s IT support and give them the reference below.',
  'reason.message.title': 'We could not trust this opening',
  'reason.message.happened': 'Your school’s learning platform sent something that we could not confirm.',
  'reason.message.next':
    'Open the activity again. If it happens again, tell your school’s IT support and give them the reference below.',
  'reason.unreachable.title': 'The learning platform does not answer',
  'reason.unreachable.happened':
    'We could not reach your school’s learning platform to confirm this opening.',
  'reason.unreachable.next': 'Wait a minute and open the activity again.',
  'reason.refused.title': 'The learning platform said no',
  'reason.refused.happened': 'Your school’s learning platform did not let this activity open.',
  'reason.refused.next':
    'Sign in to your learning platform again and open the activity from your course. If it happens again, ask your teacher whether you may use it.',
  'reason.waiting.title': 'Waiting for your school',
  'reason.waiting.happened': 'Your school’s learning platform is new to us and has to be confirmed once.',
  'reason.waiting.next': 'Ask your school’s IT support to confirm it and give them the reference below.',
  'reason.link.title': 'This link leads nowhere',
  'reason.link.happened': 'The link in your course does not belong to an activity that we know.',
  'reason.link.next': 'Tell your teacher, so that the link can be added to the course again.',
  'reason.off.title': 'Not switched on for your school',
  'reason.off.happened': 'This activity is not switched on for your school at the moment.',
  'reason.off.next': 'Ask your teacher or your school’s IT support whether it should be.',
  'reason.identity.title': 'We do not know who you are',
  'reason.identity.happened': 'Your school’s learning platform did not say who is opening this activity.',
  'reason.identity.next': 'Tell your school’s IT support and give them the reference below.',
  'reason.tool.title': 'The activity could not open',
  'reason.tool.happened': 'The activity asked for its start in a way that does not fit what was agreed.',
  'reason.tool.next':
    'Go back to your course and open it again. If it happens again, tell your school’s IT support; the maker of the activity has to mend it.',
  'reason.busy.title': 'Very many people at once',
  'reason.busy.happened': 'More openings arrived than we can take at one time.',
  'reason.busy.next': 'Wait a minute and open the activity again.',
  'reason.internal.title': 'Something went wrong on our side',
  'reason.internal.happened': 'We could not finish opening the activity. It was not your doing.',
  'reason.internal.next': 'Open the activity again in a few minutes. We can already see that it failed.',
  'choose.title': 'Choose a tool',
  'choose.body': 'Where do you want to look for content for your course?',
  'choose.privacy': 'Which tool’s data is this about?',
  'choose.cancel': 'Go back without choosing',
  'answer.title': 'Before you go back',
  'answer.said': '{{tool}} says:',
  'answer.first': 'Your learning platform takes one thing at a time here, so only the first one is added.',
  'answer.left': 'Your learning platform does not take this kind of content here. Not added: {{count}}.',
  'answer.button': 'Back to your course',
  'reason.content.title': 'Your choice could not be added',
  'reason.content.happened':
    'The tool sent back something that we could not confirm, so nothing was added to your course.',
  'reason.content.next':
    'Go back to your course and choose again. If it happens again, tell your school’s IT support and give them the reference below; the maker of the tool has to mend it.',
  'reason.chooseAgain.title': 'Please choose again',
  'reason.chooseAgain.happened': 'This choice was already added, or it took too long.',
  'reason.chooseAgain.next': 'Look whether it is in your course. If it is not, choose the content once more.',
  'reason.pasteLink.title': 'Enter this address in your learning platform',
  'reason.pasteLink.happened':
    'This is a set-up link. It does its work when your learning platform opens it.',
  'reason.pasteLink.next':
    'Sign in to your learning platform as an administrator, go to where tools are registered, and enter the address of this page there.',
  'reason.setupLink.title': 'This set-up link works no more',
  'reason.setupLink.happened': 'It was used already, has expired, or was withdrawn.',
  'reason.setupLink.next':
    'If your learning platform is not connected yet, ask whoever gave you the link for a new one.',
  'reason.setupBusy.title': 'Somebody is connecting just now',
  'reason.setupBusy.happened': 'This set-up link is being used at this moment.',
  'reason.setupBusy.next': 'Wait a minute and begin again in your learning platform.',
  'reason.registration.title': 'Your learning platform could not be connected',
  'reason.registration.happened':
    'What your learning platform told us could not be used. Nothing was changed here, and the set-up link still works.',
  'reason.registration.next':
    'Begin again in your learning platform. If it happens again, give the reference below to whoever gave you the link.',
  'registered.title': '{{platform}} is connected',
  'registered.body': '{{platform}} and this service know each other now. What is left to do in {{platform}}:',
  'registered.canvas':
    'Canvas now shows what was asked for. Check it, install it, and choose the accounts or courses that may use it.',
  'registered.moodle':
    'The new tool is pending. Choose “Activate” on it, then open its settings and let it show in the activity chooser.',
  'registered.blackboard':
    'At each school, add this tool by the client ID below and approve it. Its first launch waits here until somebody confirms the school.',
  'registered.brightspace':
    'Enable the registration, then deploy it with assignments and grades, names and roles, and deep linking, and share it with your org units.',
  'registered.sakai':
    'Open the new tool’s settings, check that roster, grades and content selection are on, and choose where it may be used.',
  'registered.generic':
    'Switch the new tool on, allow it grades, names and content selection, and choose where it may be used.',
  'registered.missing':
    'Not allowed by {{platform}}: {{scopes}}. Without these some tools cannot return grades or show class lists.',
  'registered.clientId': 'Client ID',
  'registered.button': 'Done',
} as const;

export type TextKey = keyof typeof en;
