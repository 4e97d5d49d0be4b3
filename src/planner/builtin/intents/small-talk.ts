/** Things people say in a chat that ask for nothing Reign does. */
export const smallTalk = `hello
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
open the door please`;
