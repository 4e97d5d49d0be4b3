/** See `other-wordings.ts`: wishes about Reign, and what asks for nothing that it does. */
export const askingWordings: { readonly [intent: string]: readonly string[] } = {
  'reign.status': [
    'with what are you busy right now<, Reign|>',
    'what are you <busy with|working on> <right now|at the moment>?',
    'is plan {plan:<k-77fe|7a3f>} <finished|done|through>?',
    'plan {plan:<m-20bd|p-8fr5p2e>}: status?',
  ],
  'reign.approve': [
    'we are fine with it, plan {plan:<k-77fa|9c2d1e>} is approved from our side',
    'approved, plan {plan:<3fa9c|p-7xk2mqa>} can go ahead',
    'plan {plan:<w-5c1a|b7d2>} <may|can> run',
  ],
  'reign.reject': [
    'plan {plan:<m-20ba|k4f>}: rejected, because {reason:<there is no window|it is too late>}',
    'the plan {plan:<w-5c1b|p-3ab9x2c>} must be rejected because {reason:<it touches the database|nobody asked for it>}',
  ],
  'reign.cancel': [
    'the customer has postponed the launch, please call off <that |the |>plan {plan:<z-08ab|k-1f2>}',
    'halt plan {plan:<6be2f1|m-9d>} <midway|now>',
    'plan {plan:<z-07aa|p-5dd2xyz>} is running but we changed our mind, call it off',
  ],
  'reign.undo': [
    'i only understood <now|afterwards> what plan {plan:<h-3e9a|k-44d>} did, can it be undone',
    'undo the last <thing|plan> you did',
    'is there a way for plan {plan:<m-7f1|p-2ss8k4d>} to be undone',
  ],
  'reign.audit': [
    'the auditors want to know who <did|carried out> what since {since:<Monday|last week|yesterday>}',
    'who approved plan {plan:<z-08ac|k-9e1>}, check the audit',
    'show the audit log of {user:<priya|tom>} since {since:<monday|24h>}',
  ],
  'reign.help': [
    'how do i use you, what are your features',
    'what are you able to do',
    'explain what you can do',
  ],
  none: [
    'i scaled {_:<web|tinder>} <to 4 |>myself <an hour ago|yesterday>, just fyi',
    'i <already |>restarted {_:<mailer|sso>} <this morning|earlier>, all good now',
    '{_:<tomas|julia>} is off sick, <he|she> will be back on the helm stuff on thursday',
    'the <staging|prod> deploy went out fine <yesterday|last night>, nice work',
    '<prod|staging> has been <calm|quiet> all week',
    'why do <programmers|developers> prefer dark mode? because light attracts bugs!',
    'who invented <linux|kubernetes|git>, and in which year',
    'we merged the big refactoring <yesterday|on friday>, finally',
    'the terraform talk at the meetup was <great|boring>',
    'the new grafana theme looks <nice|awful>',
  ],
  complex: [
    'create a private repo {_:acme/bird}, add a go workflow to it and write terraform for its state bucket',
    'stop container {_:broker}, wipe its volume, rebuild the image from {_:./broker} and start it again',
    'drain {_:wk-3}, wait until it is empty, uncordon it and restart {_:web}',
    'mute {_:QueueDeep}, upgrade the {_:bus} release, check {_:https://acme.io} and unmute it',
    'compare qa with production and bring qa in line with it',
  ],
};
