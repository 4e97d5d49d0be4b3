/** More of the same: questions, plans and work outside infrastructure. */
export const otherTalk = `close the window
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
