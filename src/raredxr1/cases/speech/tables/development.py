"""Development, behaviour and learning, as people put it."""

TABLE = """
HP:0001263 Global developmental delay ~HP:0012758
n late [with|in] all [his|]milestones; developmental delay in all areas; slow development; delayed milestones
N GDD; global delay; delayed psychomotor development; psychomotor delay; psychomotor retardation
v <is|was> behind in every area of development; <is|was> slow to reach {his} milestones
v <is|was> far behind other children of {his} age
v <does|did> things much later than {his} [brothers and sisters|cousins]
V <functions|functioned> well below {his} age in all domains
-n normal development; age-appropriate development; normal milestones
-v reached all milestones on time
HP:0012758 Neurodevelopmental delay
n delayed development; slow development; late milestones
N neurodevelopmental delay; delay on formal developmental assessment
v <is|was> behind with {his} development; <has|had> been slow to develop
-n normal development
HP:0001270 Motor delay ~HP:0012758
n slowness in all motor milestones; late motor milestones
N motor delay; delayed motor development; motor milestones behind
v <is|was> late to sit and walk #walk; <does|did> not roll over by {7-12m}; <is|was> slow to crawl and stand
V sat at {10-15m} #sit
-n normal motor development; motor milestones on time #walk
HP:0002194 Delayed gross motor development ~HP:0001270
n late sitting and crawling #sit; slow gross motor progress
N gross motor delay; delay in gross motor milestones
v could not sit without support at {10-20m} #sit; sat without support only at {11-20m} #sit
v <does|did> not [crawl|pull to stand] at {13-20m}; sat late, at {11-18m} #sit; never crawled
V was not sitting [independently|unsupported] at {10-18m} #sit
-v sat [unsupported|on {his} own] at {6-8m} #sit
HP:0010862 Delayed fine motor development
n clumsy hands for {his} age; late use of the hands; trouble with buttons and zips
N fine motor delay
v could not pick up small things at {13-24m}; <does|did> not hold a pencil at {4-7y}; <cannot|could not> do up buttons
HP:0031936 Delayed ability to walk ~HP:0001270
n late walking; first steps at {19-40m} #walk
N delayed ambulation; late independent walking
v walked only at {19-44m} #walk; took {his} first steps at {19-40m} #walk
v <is|was> not yet walking at {19-30m} #walk; learned to walk late #walk; could not walk unaided until {20-44m} #walk
-v walked at {11-15m} #walk; was walking by {12-15m} #walk
HP:0002540 Inability to walk
n no independent walking [so far|]; inability to take steps; wheelchair dependence
N non-ambulatory status
v [never learned|has never learned] to walk #walk; <cannot|could not> walk; never walked unaided #walk
v <is|was> unable to walk; has never taken a step #walk
V <is|was> non-ambulatory; <is|was> non-ambulant
-v <walks|walked> [without help|unaided|on {his} own]
HP:0002505 Loss of ambulation
n loss of the ability to walk
v stopped walking; [has needed|needed] a wheelchair [since {8-30y}|]; <can|could> no longer walk
v lost the ability to walk
V became wheelchair-bound; lost independent ambulation
HP:0002421 Poor head control
n floppy head; head lag
N head lag; poor head control
v <cannot|could not> hold {his} head up; could not hold {his} head up at {5-12m}; <needs|needed> {his} head supported
c {his} head <falls|fell> back when {he} <is|was> pulled up; {his} head <flops|flopped>
-n good head control
HP:0025336 Delayed ability to sit
n late sitting
v sat [on {his} own|unsupported] only at {11-22m} #sit; could not sit unaided at {10-18m} #sit
v <is|was> not sitting at {10-15m} #sit
-v sat at {6-7m} #sit
HP:0025335 Delayed ability to stand
v stood only at {14-30m}; could not pull to stand at {13-24m}
HP:0032988 Persistent head lag
n [persistent|ongoing|] head lag; [continued|] head lag on pull to sit
HP:0000750 Delayed speech and language development ~HP:0002167
n late talking; slow speech; few words for {his} age; speech delay
N speech delay; language delay; expressive language delay; SLT involvement for delayed speech
v <says|said> only a few words; said {his} first words at {20-42m} #speech; <is|was> late to talk
v had only {3-15} words at {24-40m} #speech; <does|did> not yet put two words together; started to talk late
-n normal speech development
-v <talks|talked> [well|in sentences|like other children of {his} age] #speech
HP:0001344 Absent speech
n no words [at all|so far|]; absence of [any|] speech
N non-verbal status; no expressive language
v <does|did> not speak [at all|]; has never said a word #speech; has never spoken #speech
v never learned to talk #speech; <makes|made> sounds but no words #speech
v <communicates|communicated> by pointing and sounds
V <is|was> non-verbal; <is|was> nonverbal; never acquired speech #speech
HP:0002465 Poor speech
n few words; very little speech; speech limited to a few words
v <speaks|spoke> in single words; <uses|used> only {5-30} words #speech; <can|could> say very little
HP:0002463 Language impairment
n difficulty with language; trouble understanding and finding words
v <has|had> trouble following [instructions|what is said]; <struggles|struggled> to express {himself}
HP:0002474 Expressive language delay
v <understands|understood> more than {he} <says|said>; <understands|understood> but <does|did> not talk much
n understanding better than talking
HP:0002376 Developmental regression
n loss of skills; loss of words and skills {he} once had
N regression; loss of previously acquired skills; developmental regression
v [lost|has lost] skills {he} had; lost words [{he} used to say|]; has gone backwards [since {12-48m}|]
v stopped doing things {he} [could do before|had learned]; lost the ability to [sit|speak|use {his} hands]
-n no loss of skills
HP:0001249 Intellectual disability ~HP:0011446
n learning difficulties; learning disability; [special educational needs|need of special schooling]
n mental retardation
N cognitive impairment; ID; intellectual impairment
v <attends|attended> a special school; <needs|needed> extra help with all learning
v <cannot|could not> read or write; <functions|functioned> below {his} age
v <has|had> [significant|] learning difficulties; <is|was> slow to learn
-n normal intelligence; normal intellect
-v <does|did> well at school
HP:0001256 Intellectual disability, mild
n mild learning difficulties; mild learning disability; slow learning
N mild ID; mild intellectual impairment
v <needs|needed> some help [in|at] mainstream school; <struggles|struggled> at school but <reads|read> [simple texts|]
HP:0002342 Intellectual disability, moderate
n moderate learning disability; moderate learning difficulties
N moderate ID
v <attends|attended> a special school and <needs|needed> supervision
v <speaks|spoke> in short sentences and <needs|needed> help with daily tasks
HP:0010864 Intellectual disability, severe
n severe learning disability; severe mental handicap; severe learning difficulties
N severe ID; severe cognitive impairment
v <depends|depended> on others for [dressing, washing and eating|all daily care]; <needs|needed> help with everything
HP:0002187 Intellectual disability, profound
n profound learning disability
N profound ID; PMLD
v <is|was> totally dependent on others [for all care|]
HP:0100543 Cognitive impairment
n problems with thinking and memory; poor thinking
N cognitive dysfunction; cognitive deficits on testing
v <has|had> trouble thinking [clearly|]; <finds|found> it hard to plan and remember things
-n normal cognition; intact cognition
HP:0001268 Mental deterioration
n slow loss of mental abilities; decline in thinking and memory
N cognitive decline; progressive cognitive decline
v <is|was> losing {his} mental abilities; <is|was> less and less able to think things through
HP:0000726 Dementia
n loss of memory and judgement; forgetfulness that <interferes|interfered> with daily life
v <gets|got> lost in familiar places; <does|did> not recognise {his} family
HP:0002354 Memory impairment
n poor memory; forgetfulness; memory problems
v <forgets|forgot> things [easily|all the time]
v <cannot|could not> remember [recent events|what happened the day before]
-n good memory
HP:0001328 Specific learning disability
n trouble with reading and [writing|arithmetic]; learning problems at school
v <struggles|struggled> with reading [and spelling|] at school; <needs|needed> extra lessons
HP:0000729 Autistic behavior ~HP:0000729
n autistic traits; autistic features; poor eye contact and odd play
N ASD features; autistic-like behaviour
v <avoids|avoided> eye contact; <does|did> not play with other children; <prefers|preferred> to be alone
v <lines|lined> up {his} toys; <does|did> not respond to {his} name
-n good eye contact
HP:0000717 Autism
n autism spectrum disorder; a diagnosis of autism
N ASD; autism on formal assessment (ADOS)
v <has|had> [been diagnosed with|a diagnosis of] autism
HP:0000817 Reduced eye contact
v <avoids|avoided> eye contact; <does|did> not look at people
n poor eye contact
-n good eye contact
HP:0007018 Attention deficit hyperactivity disorder
n trouble concentrating and sitting still
N ADHD; attention deficit with hyperactivity
v <cannot|could not> concentrate or sit still
HP:0000752 Hyperactivity
n restlessness; constant activity; overactivity
v <cannot|could not> sit still; <is|was> always on the move; <is|was> [constantly|] fidgeting
HP:0000708 Atypical behavior
n behaviour problems; behavioural problems; odd behaviour; difficult behaviour
v <behaves|behaved> differently from other [children|people]
HP:0000718 Aggressive behavior
n aggression; violent outbursts; outbursts of hitting and biting
v <hits|hit> and <bites|bit> others; <is|was> aggressive towards [others|{his} family]
HP:0100716 Self-injurious behavior
n self-harm; head banging; biting of {his} own hands
v <bites|bit> {his} own hands; <bangs|banged> {his} head; <hurts|hurt> {himself}
HP:0000733 Motor stereotypy
n hand flapping; repetitive hand movements; hand-wringing; repetitive movements
N stereotypies; motor stereotypies; midline hand stereotypies
v <flaps|flapped> {his} hands; <wrings|wrung> {his} hands [all day|]; <rocks|rocked> back and forth
v <repeats|repeated> the same hand movements [over and over|]
HP:0000739 Anxiety
n constant worry; nervousness; worry about [everything|small things]
v <worries|worried> all the time; <is|was> very anxious; <gets|got> anxious easily
HP:0000716 Depression
n low mood; sadness most of the day
v <feels|felt> low; <has|had> lost interest in things
HP:0000737 Irritability
n constant crying
N irritability
v <is|was> hard to console; <cries|cried> a lot [and <is|was> hard to settle|]; <is|was> easily upset
HP:0002360 Sleep abnormality
n poor sleep; sleep problems; disturbed sleep; broken nights
v <sleeps|slept> badly; <wakes|woke> many times at night; <does|did> not sleep through
-n good sleep
-v <sleeps|slept> well
HP:0100785 Insomnia
v <cannot|could not> fall asleep; <lies|lay> awake [at night|for hours]
n trouble falling asleep
HP:0001262 Excessive daytime somnolence
v <falls|fell> asleep during the day
n sleepiness during the day
HP:0000734 Disinhibition
v <says|said> and <does|did> inappropriate things
HP:0000738 Hallucinations
v <sees|saw> things that <are|were> not there; <hears|heard> voices
HP:0000709 Psychosis
v <believes|believed> things that <are|were> not real
HP:0000741 Apathy
n loss of interest; lack of drive
v <shows|showed> no interest in anything
HP:0040082 Happy demeanor
v <laughs|laughed> a lot [for no reason|]; <is|was> [always|unusually] cheerful
n frequent laughter; a constantly happy mood
HP:0000736 Short attention span
v <cannot|could not> concentrate for long
n poor concentration
HP:0000711 Restlessness
v <is|was> restless
HP:0000722 Compulsive behaviors
v <has|had> to do things [in the same order|over and over]
HP:0012433 Abnormal social behavior
v <does|did> not understand how to behave with others
"""
