"""Nerve, muscle and movement, as people put it."""

TABLE = """
HP:0001250 Seizure ~HP:0001250
n fits; convulsions; epileptic fits; turns in which {he} <goes|went> stiff and <shakes|shook>; epilepsy
n [two|three|several] fits [in the past year|]; seizures [since {4-60m}|]
N epilepsy; seizure disorder; szs; epileptic attacks
v <has|had> fits; <goes|went> stiff and <shakes|shook> [all over|]; <takes|took> fits
v <is|was> on [valproate|levetiracetam|medicine] for epilepsy; had {his} first fit at {3-60m}
c {his} eyes <roll|rolled> back and {he} <shakes|shook>
-n seizure freedom
-v has never had a fit; <is|was> seizure-free; never had a convulsion
HP:0002373 Febrile seizure (within the age range of 3 months to 6 years)
n fits with fever; febrile convulsions; fits when {he} <has|had> a temperature
v <has|had> fits [only|] with fever; convulsed during a fever; had a fit with a temperature of {38.5-40.4} °C
HP:0012469 Infantile spasms
n clusters of jack-knife spasms; runs of sudden bending forward; spasms in clusters [on waking|]
v <bends|bent> forward suddenly, many times in a row
N West syndrome-type spasms; epileptic spasms in clusters
HP:0002069 Bilateral tonic-clonic seizure
n fits with stiffening and jerking of the whole body; grand mal fits
N GTCS; generalised tonic-clonic seizures; grand mal seizures; GTC seizures
v <loses|lost> consciousness, <stiffens|stiffened> and <jerks|jerked> all over
HP:0002121 Generalized non-motor (absence) seizure
n staring spells; blank spells; absences
v <stares|stared> blankly for a few seconds; <goes|went> blank for seconds [at a time|]
HP:0007359 Focal-onset seizure
n fits that <begin|began> on one side; jerking of one arm and leg
N focal seizures; partial seizures; focal-onset epilepsy
HP:0032794 Myoclonic seizure
n sudden jerks [of both arms|of the body]; jerk-like fits
N myoclonic seizures
HP:0002133 Status epilepticus
n a fit that <does|did> not stop; a seizure lasting {35-120} minutes; prolonged convulsions
N SE; convulsive status
v had a fit that lasted {35-90} minutes; needed intensive care because a fit would not stop
HP:0200134 Epileptic encephalopathy
N drug-resistant epilepsy with loss of skills; DEE; developmental and epileptic encephalopathy
n constant fits with loss of skills
HP:0001252 Hypotonia ~HP:0003808
n floppiness; low tone; low muscle tone; poor tone
N reduced tone; low tone; muscular hypotonia; decreased tone
v <is|was> floppy; <feels|felt> floppy [when picked up|like a rag doll]; <is|was> floppy when held
-n normal tone; normal muscle tone
HP:0001290 Generalized hypotonia ~HP:0003808
n floppiness all over; low tone all over; general floppiness
N diffuse hypotonia; generalised low tone
v <is|was> floppy all over
HP:0001319 Neonatal hypotonia
n floppiness at birth; floppiness in the first weeks
N floppy infant; neonatal hypotonia; hypotonia at birth
v was floppy at birth; was a floppy baby; was born floppy
HP:0008947 Infantile muscular hypotonia
v was a floppy baby; was floppy as a baby
n floppiness in infancy
N floppy infant
HP:0008936 Axial hypotonia
n a floppy trunk; low tone in the trunk; poor trunk control
N truncal hypotonia; central hypotonia
v <slumps|slumped> when sat up; <cannot|could not> hold {his} trunk upright
HP:0001276 Hypertonia
n stiffness; stiff limbs; raised muscle tone
N increased tone; raised tone; increased muscle tone
c {his} [arms and legs|limbs] <are|were> stiff; {his} muscles <feel|felt> stiff
HP:0001257 Spasticity ~HP:0001276
n stiff muscles; stiff legs; tightness in the legs
N increased tone with clasp-knife phenomenon; velocity-dependent increase in tone; spastic tone
c {his} legs <are|were> stiff and <cross|crossed>; {his} legs <are|were> tight
-n no spastic tone
HP:0002061 Lower limb spasticity
n stiff legs; tightness of the legs; scissoring of the legs
N spasticity of the legs; spastic tone in the lower limbs
c {his} legs <are|were> stiff [and hard to bend|]
HP:0001258 Spastic paraplegia
n weak, stiff legs
N spastic paraparesis; spastic weakness of both legs
HP:0002510 Spastic tetraplegia
n stiffness and weakness of all four limbs
N spastic quadriparesis; four-limb spasticity; spastic tetraparesis; spastic quadriplegic CP
HP:0001347 Hyperreflexia ~HP:0031826
n jumpy reflexes; overactive reflexes
N brisk reflexes; brisk DTRs; exaggerated tendon reflexes; reflexes 3+; DTR +++; increased tendon jerks
N brisk tendon reflexes
-N reflexes 2+ and symmetrical
-n normal reflexes
HP:0001265 Hyporeflexia ~HP:0031826
N diminished reflexes; weak tendon jerks; depressed DTRs; reflexes 1+; sluggish reflexes; reduced tendon reflexes
n weak reflexes
-n normal reflexes
HP:0001315 Reduced tendon reflexes ~HP:0031826
N weak tendon jerks; diminished DTRs; reflexes [barely|hardly] elicitable
-n normal tendon reflexes
HP:0001284 Areflexia ~HP:0031826
N absent DTRs; absent tendon jerks; reflexes not elicitable; loss of all reflexes; unobtainable reflexes
c {his} reflexes <cannot|could not> be elicited
HP:0003487 Babinski sign
N upgoing plantars; extensor plantars; upgoing toes; plantars ↑↑; extensor plantar responses
N Babinski positive [bilaterally|on both sides]
c the big toes <go|went> up on stroking the sole
-N downgoing plantars; flexor plantars
HP:0007256 Abnormal pyramidal sign
N pyramidal signs; pyramidal tract signs; long tract signs; UMN signs
HP:0001251 Ataxia ~HP:0011443
n unsteadiness; poor coordination; lack of coordination; wobbliness; loss of balance
N incoordination; cerebellar signs; cerebellar syndrome
v <is|was> unsteady on {his} feet; <walks|walked> as if drunk; <loses|lost> {his} balance [easily|]
v <is|was> wobbly; <sways|swayed> [when walking|when standing]
-n good coordination; normal coordination
HP:0002066 Gait ataxia ~HP:0001288
n an unsteady walk; a broad-based walk; wobbly walking
N broad-based gait; wide-based gait; ataxic walking; cerebellar gait; inability to tandem walk
v <walks|walked> with {his} feet wide apart; <staggers|staggered> [when {he} <walks|walked>|]
v <walks|walked> unsteadily
-n normal tandem gait
HP:0002070 Limb ataxia
N dysmetria of the arms and legs; finger-nose and heel-shin ataxia; limb incoordination
n clumsy arms and legs; shaky reaching
HP:0001310 Dysmetria
N past-pointing; overshoot on finger-nose testing; dysmetric finger-to-nose test
v <misses|missed> things {he} <reaches|reached> for; <overshoots|overshot> when reaching
-n normal finger-nose testing
HP:0001288 Gait disturbance ~HP:0001288
n an odd walk; trouble walking; walking problems; an unusual way of walking; problems with {his} walking
N abnormal gait; gait abnormality; altered gait
v <walks|walked> [strangely|awkwardly|oddly]; <walks|walked> differently from [others|other children]
v <has|had> trouble walking
-n normal gait; normal walking
-v <walks|walked> normally
HP:0002317 Unsteady gait
n unsteady walking; wobbly legs; imbalance when walking
v <is|was> unsteady when {he} <walks|walked>; <wobbles|wobbled> when walking
v <holds|held> on to furniture [when walking|]
HP:0002064 Spastic gait
n a stiff-legged walk; stiff walking
v <walks|walked> with stiff legs; <walks|walked> stiffly [and on the toes|]
N scissor gait; spastic paraparetic gait
HP:0003376 Steppage gait
v <lifts|lifted> {his} knees high to clear {his} toes
N high-stepping gait
HP:0002515 Waddling gait
v <waddles|waddled> [when walking|like a duck]
n a waddling walk; swaying from side to side when walking
N Trendelenburg gait
HP:0030051 Tip-toe gait
v <walks|walked> on {his} [toes|tiptoes]
HP:0002359 Frequent falls
n many falls; repeated falls
v <falls|fell> [often|a lot|several times a [week|day]]; <keeps|kept> falling over
v <trips|tripped> over {his} own feet
-n no falls
HP:0003698 Difficulty standing
v <cannot|could not> stand for long; <has|had> trouble standing
HP:0003551 Difficulty climbing stairs
v <has|had> trouble [with|climbing] stairs; <needs|needed> the handrail to climb stairs
v <cannot|could not> climb stairs without help
n trouble with stairs; difficulty with stairs
HP:0003391 Gowers sign
N positive Gowers; positive Gowers' manoeuvre; Gowers +ve
v <climbs|climbed> up {his} own legs to stand; <uses|used> {his} hands to get up from the floor
v <pushes|pushed> on {his} thighs to stand up
HP:0001324 Muscle weakness ~HP:0011804
n weakness; weak muscles; loss of strength; lack of strength
N reduced power; reduced muscle strength; decreased muscle power; power 3/5; power 4/5
v <is|was> weak; <has|had> little strength; <feels|felt> weak; <cannot|could not> lift things {he} used to lift
-n normal strength; full power; normal muscle strength; power 5/5 throughout
HP:0003701 Proximal muscle weakness ~HP:0001324
n weak thighs and upper arms; weakness of the hips and shoulders
N proximal weakness; limb-girdle weakness; weakness of proximal muscles; reduced power proximally
v <cannot|could not> rise from a [chair|low seat] without {his} hands
v <cannot|could not> lift {his} arms [above {his} head|overhead]
v <has|had> trouble [climbing stairs|combing {his} hair]
HP:0002460 Distal muscle weakness ~HP:0001324
n weak hands and feet; weakness of the hands and feet
N distal weakness; weakness of hand and foot muscles; reduced power distally
v <cannot|could not> open jars; <drops|dropped> things and <trips|tripped> over {his} feet
v <cannot|could not> [stand|walk] on {his} heels
HP:0009053 Distal lower limb muscle weakness
n weak feet and ankles; weakness below the knees
N distal leg weakness; weakness of ankle dorsiflexion
v <cannot|could not> walk on {his} [heels|toes]
HP:0003690 Limb muscle weakness
n weak arms and legs; weakness of all limbs
N limb weakness; reduced power in the limbs
HP:0007340 Lower limb muscle weakness
n weak legs; weakness of the legs
N leg weakness; reduced power in the legs
c {his} legs <give|gave> way; {his} legs <are|were> weak
HP:0009027 Foot dorsiflexor weakness
n drop foot; dropping feet
N foot drop; weakness of ankle dorsiflexion
v <catches|caught> {his} toes when walking; <cannot|could not> lift {his} feet up
HP:0010628 Facial palsy
n a drooping face; weakness of one side of the face
N VII nerve palsy; facial nerve palsy; lower motor neuron facial weakness
c one side of {his} face <droops|drooped>
-n symmetrical face
HP:0030319 Weakness of facial musculature
n an expressionless face; a weak face
N facial weakness; myopathic facies; facial muscle weakness
v <cannot|could not> [whistle|close {his} eyes tightly|puff out {his} cheeks]; <has|had> little facial expression
HP:0003202 Skeletal muscle atrophy ~HP:0011805
n wasted muscles; thin muscles; muscle wasting; loss of muscle
N amyotrophy; reduced muscle bulk; muscle wasting
c {his} muscles <are|were> thin; {his} muscles <are|were> wasting away
-n normal muscle bulk
HP:0003693 Distal amyotrophy
n thin calves and hands; wasted hands and feet
N distal muscle wasting; wasting of the small hand muscles and calves
c {his} calves <are|were> thin
HP:0003326 Myalgia
n muscle pain; muscle aches; aching muscles; sore muscles [after exercise|]
c {his} muscles <ache|ached> [after exercise|]; {his} legs <hurt|hurt>
HP:0003394 Muscle spasm
n cramps; muscle cramps [at night|]; cramping
v <gets|got> cramps [at night|in the calves|]
HP:0003546 Exercise intolerance
n poor stamina
N reduced exercise tolerance; poor exercise tolerance
v <tires|tired> quickly [when running|with exercise|]; <cannot|could not> keep up with {his} [friends|peers]
v <has|had> to stop and rest [after a short walk|]
-n good stamina
HP:0012378 Fatigue
n tiredness; exhaustion; lack of energy; constant tiredness
N fatigability; lethargy and tiredness
v <is|was> [always|constantly] tired; <tires|tired> easily; <has|had> no energy
v <needs|needed> to rest during the day; <gets|got> exhausted
HP:0003473 Fatigable weakness
n weakness that <gets|got> worse [towards evening|with use]
N fatigable weakness; fatigability on repeated testing
HP:0001260 Dysarthria ~HP:0002167
n slurred speech; unclear speech; slurring
N scanning speech; slurred, dysarthric speech; cerebellar speech
v <slurs|slurred> {his} words; <is|was> hard to understand [when {he} <speaks|spoke>|]; <speaks|spoke> indistinctly
c {his} speech <is|was> slurred; {his} speech <is|was> hard to understand
-n clear speech; normal speech
HP:0002167 Abnormal speech pattern
n unusual speech; an odd way of speaking
v <speaks|spoke> in an unusual way
HP:0002015 Dysphagia
n trouble swallowing; problems swallowing; food getting stuck; choking on food
N swallowing difficulty; impaired swallowing; unsafe swallow on videofluoroscopy
v <chokes|choked> on [food|liquids]; <has|had> trouble swallowing; <coughs|coughed> [when drinking|at meals]
v <needs|needed> {his} food [mashed|thickened]
-n normal swallowing
-v <swallows|swallowed> without difficulty
HP:0001332 Dystonia
n twisted postures; involuntary twisting; muscle spasms that twist [the limbs|{his} arms and legs]
N dystonic posturing; dystonic movements
c {his} [hand|foot|neck] <twists|twisted> [inwards|]; {his} limbs <pull|pulled> into odd positions
HP:0001337 Tremor
n shaking; shaky hands; trembling; shakiness
N action tremor; intention tremor; postural tremor
c {his} hands <shake|shook>; {his} hands <tremble|trembled>
-n steady hands
HP:0001336 Myoclonus
n sudden jerks; jerking; brief jerks [of the arms|]
N myoclonic jerks; jerky movements
v <jerks|jerked> suddenly; <has|had> sudden jerks
HP:0002072 Chorea
n dance-like movements; fidgety, jerky movements; restless movements
N choreiform movements; chorea of the limbs
v <makes|made> fidgety movements {he} <cannot|could not> stop
HP:0002067 Bradykinesia
n slow movements; slowness
N slowness of movement; reduced finger tapping speed
v <moves|moved> slowly; <does|did> everything slowly
HP:0002063 Rigidity
n stiffness of the limbs
N lead-pipe rigidity; cogwheel rigidity; extrapyramidal rigidity
HP:0001300 Parkinsonism
n shaking, slowness and stiffness
N parkinsonian features; an akinetic-rigid syndrome; parkinsonian signs
HP:0002071 Abnormality of extrapyramidal motor function
N extrapyramidal signs; extrapyramidal features; EPS
HP:0004305 Involuntary movements
n movements {he} <cannot|could not> control; uncontrolled movements
v <moves|moved> without meaning to
HP:0100022 Abnormality of movement
n unusual movements; odd movements
N movement disorder; a movement disorder
HP:0011443 Abnormality of coordination
n clumsiness; poor coordination
v <is|was> clumsy; <bumps|bumped> into things
HP:0009830 Peripheral neuropathy
n nerve damage in the feet and hands; numbness and weakness of the feet
N polyneuropathy; length-dependent neuropathy; PN
HP:0003477 Peripheral axonal neuropathy
N axonal polyneuropathy on NCS; reduced CMAP amplitudes with normal velocities
HP:0003431 Decreased motor nerve conduction velocity
N slowed motor conduction; slow NCVs
HP:0002936 Distal sensory impairment
n numb feet; numbness of the hands and feet; reduced feeling in the feet
N stocking-glove sensory loss; reduced vibration sense at the ankles; distal sensory loss
v <cannot|could not> feel {his} feet [properly|]
-n normal sensation
HP:0003401 Paresthesia
n pins and needles; tingling [in the hands|in the feet|]
v <feels|felt> tingling in {his} [hands|feet]
HP:0002315 Headache
n headaches; pain in the head; [daily|morning|frequent] headaches; a throbbing head
v <has|had> headaches; <complains|complained> of headache; <wakes|woke> with headaches
HP:0002076 Migraine
n one-sided throbbing headaches with nausea; sick headaches
HP:0001298 Encephalopathy
n confusion and drowsiness
N altered consciousness; encephalopathic state; altered mental status
v <became|became> confused and drowsy
HP:0001254 Lethargy
n drowsiness; sleepiness; lack of alertness
N reduced alertness
v <is|was> drowsy; <is|was> hard to wake; <is|was> sleepy and <feeds|fed> poorly
HP:0001259 Coma
v could not be woken; was unresponsive
N GCS {3-8}; unresponsiveness
HP:0001289 Confusion
v <is|was> confused; <does|did> not know where {he} <is|was>
HP:0001279 Syncope
n fainting; blackouts; fainting spells; collapses
N syncopal episodes
v <faints|fainted> [on standing|during exercise|]; passed out [twice|several times|]; <blacks|blacked> out
HP:0002321 Vertigo
n a spinning sensation; attacks of spinning
HP:0002353 EEG abnormality ~HP:0002353
n an abnormal brain wave test
N abnormal EEG; EEG abnormal; EEG changes; epileptiform discharges on EEG
-N normal EEG; unremarkable EEG
HP:0002521 Hypsarrhythmia
N chaotic high-voltage EEG; hypsarrhythmic EEG; EEG with hypsarrhythmia
HP:0003457 EMG abnormality
N abnormal EMG; EMG changes
-N normal EMG
HP:0003458 EMG: myopathic abnormalities
N myopathic EMG; small short polyphasic units on EMG; EMG with a myopathic pattern
N short-duration low-amplitude motor units
HP:0003198 Myopathy
N myopathic process; primary muscle disease; myopathic changes
n a muscle disease
HP:0002119 Ventriculomegaly
n enlarged fluid spaces in the brain; large ventricles
N dilated ventricles on [MRI|CT|ultrasound]; enlarged lateral ventricles; prominent ventricles
-N normal ventricles
HP:0000238 Hydrocephalus
n water on the brain; fluid on the brain
N ventricular dilatation needing a VP shunt; shunted hydrocephalus
HP:0002079 Hypoplasia of the corpus callosum ~HP:0001273
N thin corpus callosum [on MRI|]; hypoplastic CC; callosal hypoplasia; thinning of the corpus callosum
n a thin bridge between the halves of the brain
HP:0001274 Agenesis of corpus callosum ~HP:0001273
N ACC; absent corpus callosum; callosal agenesis; complete agenesis of the CC
n missing bridge between the halves of the brain
-N intact corpus callosum
HP:0001272 Cerebellar atrophy
N shrinkage of the cerebellum; cerebellar volume loss [on MRI|]; atrophic cerebellum; wide cerebellar folia
n a shrunken cerebellum
HP:0001321 Cerebellar hypoplasia
N small cerebellum; hypoplastic cerebellum; a small cerebellum on MRI
HP:0001320 Cerebellar vermis hypoplasia
N small vermis; hypoplastic vermis; vermian hypoplasia
HP:0002059 Cerebral atrophy
N brain volume loss; loss of cerebral volume on MRI; cerebral volume loss
n shrinkage of the brain [on the scan|]
HP:0002120 Cerebral cortical atrophy
N cortical volume loss; widened sulci; prominent sulci; cortical thinning on MRI
HP:0012444 Brain atrophy
N generalised volume loss on MRI; diffuse brain volume loss
n a shrunken brain on the scan
HP:0002188 Delayed CNS myelination
N delayed myelination; immature myelination on MRI; myelination behind age
HP:0002500 Abnormal cerebral white matter morphology
N white matter changes; T2 white matter hyperintensities; white matter signal change
N periventricular white matter lesions
n changes in the white matter of the brain
HP:0000256 Macrocephaly
n a big head; a large head
N large OFC; large head circumference
c {his} head <is|was> [very|unusually|] large
HP:0000252 Microcephaly ~HP:0000240
n a small head; a very small head
N small head circumference; small OFC; reduced head circumference
c {his} head <is|was> [very|] small; {his} head has not grown as it should
-n normal head circumference; normal head size
HP:0005484 Secondary microcephaly
N acquired microcephaly; deceleration of head growth; OFC falling across centiles; progressive microcephaly
c {his} head stopped growing [after the first months|]
HP:0011451 Primary microcephaly
N microcephaly at birth; congenital microcephaly
n a small head at birth
HP:0003560 Muscular dystrophy
N dystrophic muscle biopsy; dystrophic changes on biopsy
HP:0003557 Increased variability in muscle fiber diameter
N variation in fibre size on biopsy; marked fibre size variation; fibre size variability
HP:0002445 Tetraplegia
n paralysis of all four limbs
HP:0002301 Hemiplegia
n paralysis of one side [of the body|]
HP:0001297 Stroke
N ischaemic stroke; cerebral infarct; CVA
n sudden paralysis of one side
HP:0002395 Lower limb hyperreflexia
N brisk knee and ankle jerks; brisk reflexes in the legs
HP:0002141 Gait imbalance
n poor balance; loss of balance when walking
v <loses|lost> {his} balance
HP:0000762 Decreased nerve conduction velocity
N slow nerve conduction; NCS slowing
HP:0002375 Hypokinesia
v <moves|moved> very little
"""
