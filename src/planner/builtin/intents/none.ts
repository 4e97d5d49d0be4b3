import { z } from 'zod';
import { learnable } from '../learn/annotated.ts';
import type { IntentSource } from '../types.ts';

const lines = `hello
hi there
good evening all
hey team, how was the weekend?
thanks a lot!
thank you so much, really appreciated
cool
great job everyone
haha that's hilarious
lol
nice
ok
okay sounds good, talk later
see you tomorrow
bye
have a great weekend everybody
congrats on the launch!
welcome to the team, Julia!
happy new year
merry christmas 🎄
what time is it in Tokyo?
what's the capital of Australia?
who won the match yesterday?
what's the score of the football game?
is it going to rain tomorrow?
how's the weather today
what should i cook for dinner
any restaurant recommendations near the station?
who wants pizza?
let's grab a beer after work
anyone up for lunch?
coffee break in five?
there's cake in the kitchen
the coffee machine is broken again
the printer on the third floor is out of paper
the elevator is stuck
please turn down the music
can somebody open a window, it's hot in here
turn off the lights when you leave
who took my charger?
i lost my badge, who do i ask?
where is the meeting room {_:Everest}?
can you book a meeting room for tomorrow at 10?
schedule a meeting with Anna on thursday
move our 1:1 to friday please
remind me to call mom at 6
set a timer for ten minutes
wake me up at seven
i'll be late for the retro
i'm out sick today
working from home tomorrow
on vacation until the 15th
afk for lunch
back in 10 minutes
my train is delayed, joining the call late
stuck in traffic, start without me
my cat walked over the keyboard
my laptop is so slow today
my laptop needs a new battery
i need a new monitor
my head is about to crash
i need a vacation
i need a reboot after this week
my diet could use a rollback
i should scale down my coffee intake
we should deploy more cookies to the kitchen
the baby kept us up all night
restarting my life on monday
how do i reset my email password?
how do i request time off?
who approves vacation requests?
where can i find the expense policy?
when is payday?
what's the wifi password for guests?
is the office open on monday?
is the gym in the building any good?
can you recommend a good book?
which movie should we watch tonight?
did you see the new star wars film?
have you heard the new album?
play some music
sing me a song
tell me something funny
tell me a story about a dragon
write a poem about autumn
write a birthday card for {_:Lena}
write an email to my landlord
translate good morning into french
how do you say thank you in japanese?
what's 17 times 23?
what is the meaning of life?
convert 20 dollars to euros
what's the price of bitcoin
should i buy tesla stock?
order a taxi to the airport
find me a cheap flight to rome
book a hotel in Berlin for two nights
are you human?
do you like your job?
how old are you?
who made you?
what's your favorite color?
do you dream?
you are awesome
you're the best
good bot
bad bot
i love you
this is so annoying
ugh, mondays
what a day
omg
wow
hmm
interesting
whatever
never mind
nevermind, sorry
no worries
np
sorry, wrong channel
oops wrong window
test
testing 1 2 3
asdf
???
...
🎉🎉🎉
👍
the new office plants look lovely
the sunset is amazing right now
my kids start school next week
we got a puppy!
our landlord raised the rent
the game was awesome
anyone selling a bike?
does anyone have a phone charger i can borrow?
lost a blue scarf in the lobby
who's running the marathon on sunday?
i'm running late, be there at 3
can you pick up milk on the way home
don't forget the milk
drinks on me tonight
let's celebrate the release with drinks
great release party yesterday
the demo went really well today, well done
that meeting could have been an email
i have a question for HR about my contract
what's the dress code for the party?
who is on call for the office dog today
please water the plants while i'm gone
the dentist says i need a crown
my car broke down
need a ride to the airport on friday
what's the best way to learn spanish?
could you proofread my blog post?
summarize this article for me
what's the news today?
is {_:Marek} in the office today?
has anyone seen {_:Tom}?
{_:Sarah}, your package is at the reception
ask {_:Peter} when he's back
i'm on holiday next week, {_:Olga} is covering for me
heading home, see you all on monday
that was a long week
good luck with the interview!
fingers crossed
get well soon
how was your trip to italy?
what are you having for lunch
the food truck is here
free donuts on the second floor
can we get better snacks?
the toilet on floor two is clogged
the air conditioning is way too cold
could someone raise the blinds?
my chair is squeaking
my mouse stopped working
my headphones died
my phone is at 2%
who can lend me an hdmi cable?
did anyone finish the crossword?
what's the name of that song?
knock knock
guess what
brb
gtg
ttyl
yay
woohoo
sad
same
true
exactly
agreed
fair enough
makes sense
i don't know
not sure
maybe later
perhaps next time
let me think about it
i'll get back to you
just a second
one moment
wait
never said that
this joke never gets old
who else is watching the eurovision tonight?
can you cancel my dentist appointment?
cancel my gym membership
stop the noise please
stop spamming me
undo my haircut
approve my vacation please
can someone approve my expense report
delete my embarrassing photo from the party
scale the wall at the climbing gym tonight?
list your favourite movies
show me a picture of a cat
describe your perfect day
open the door please
close the window
kick off the football match at 8
merge into the left lane
release the kraken
the kids need a rollback of screen time
can you silence your phone please
mute yourself, {_:Dan}
load the dishwasher please
check the fridge for milk
check out this video
is the kettle on?
is lunch ready?
is the store open?
what's the status of my pizza order
how's it going?
how are you?
what's up?
sup
how was your day?
how's the new apartment?
anyone going to kubecon this year?
how many people are coming to the barbecue?
i built a lego helm of darth vader
watched a documentary about container ships
my garden is full of pods, peas everywhere
the node on my spine hurts
a cluster of grapes please
my flight to {_:Lisbon} got cancelled
the workflow of our kitchen is chaos
who's bringing the cake to the release party
fix yourself a drink
what a pipeline of tasty dishes
it's friday!
tgif
happy friday everyone
happy anniversary
can someone reset the coffee machine
please restart the projector in room 4
the meeting restarts in 5 minutes
my run this morning was 10 km
went for a run along the river
i ran 5k in 25 minutes
what's a good name for a dog?
how tall is the eiffel tower
who painted the mona lisa
what year did the berlin wall fall
define serendipity
spell necessary
give me a recipe for lasagna
how long do i boil eggs?
how do i get red wine out of a carpet
my plants are dying, any tips?
recommend a podcast for my commute
what podcast are you listening to
i'm so tired
need more coffee
so hungry
who's hungry?
it's my birthday
thanks for the help yesterday, {_:Ines}
thx!
ty
cheers
much obliged
appreciate it
perfect, thanks
awesome, thank you
great, that worked
that worked, thanks
all good now
looks like it's working again, thanks
no problem
you're welcome
my pleasure
i'll take a look tomorrow
can we talk about this in the standup?
let's discuss on monday
i updated the slides for tomorrow
the slides are in the shared drive
please review my slides
who is presenting in the all-hands?
the all-hands starts at 4
can you share the notes from the meeting?
i sent you an invite
please fill in the survey
the survey closes on friday
new badge photos are being taken today
parking lot is closed on saturday
fire drill at 11 today
don't be late for the fire drill
visitor for {_:Klaus} at the front desk
please sign the card for {_:Rita}
we're collecting money for {_:Igor}'s farewell gift
farewell drinks at 5
how do you say 'thank you' in japanese
what does 'ciao' mean?
spell 'necessary' for me
how many sick days do i have left?
how many people work here?
how much does a parking spot cost
who do i talk to about my salary?
where do i hand in my travel receipts?
does the company pay for language courses
what are the office hours on christmas eve
the new desks are really nice
the new chairs arrived and they're so comfy
the coffee here is great
the view from the roof is gorgeous
my new bike is so fast
our neighbours are renovating again, so loud
there's a spider in the server room lol
i just finished reading a great novel
we finally finished painting the kitchen
it's raining cats and dogs
it's snowing!
the bus was late again
the train is packed
traffic is horrible today
i had the best ramen yesterday
pizza or sushi?
tea or coffee?
cats or dogs?
who wants my old monitor?
selling my old couch, anyone interested?
my daughter got her driving licence today
my son started walking
we're expecting a baby!
i got engaged 🎉
see you all at the summer party
the party starts at 7, bring your friends
karaoke tonight?
board games after work?
who's in for football on wednesday?
i'm in!
count me in
me too
not me
can't make it today
sorry i'm late
i forgot my password for the hr portal
my screen is too bright
can i borrow your umbrella?
did you sleep well?
what did you do on the weekend?
what's your plan for the weekend?
any plans for tonight?
what's new?
long time no see
nice to meet you
pleased to meet you all
greetings from Madrid
postcard from the beach
how's the new job?
how are the kids?
is your mother feeling better?
hope you feel better soon
take care
sleep well
sweet dreams
bon appetit
enjoy your meal
cheers mate
you rock
well done team
what a great demo
kudos to {_:Ana} for the presentation
shout-out to the whole team
that's a good point
i agree with you
i disagree
you're right
i was wrong
my bad
oh no
oh well
good question
ask me later
hold on
got it
understood
ok thanks
will do
done, thanks
sounds like a plan
what plan do you have for dinner
plan my holiday in portugal
the plan for tonight is pizza
can you plan a birthday party?
create a playlist for the party
create a shopping list: milk, eggs, bread
make me a sandwich
make a wish
give me five
give me a break
run forrest run
stop it lol
stop joking
kill the lights
cancel the pizza order
restart my router at home please, netflix is down
deploy the snacks
scale mount everest
silence is golden
mute the tv
check my horoscope
is it safe to eat raw eggs?
is it friday yet?
is anybody there?
list three good names for a cat
show me something beautiful
get me a coffee
get some rest
remove the stain from my shirt
delete my browser history lol
drain the pasta
node is a strange word
my pod coffee machine leaks
logs for the fireplace arrive tomorrow
the release of the new album is tomorrow
the image of a sunset on the wall
the chart hits of the eighties
building a treehouse with my kids
scanning old family photos this weekend`;

export const noneIntents: readonly IntentSource[] = [
  learnable('none', 'nothing Reign does', 'read', z.object({}), lines.split('\n')),
];
