"""Eyes, ears, face, mouth and head, as people put it."""

TABLE = """
HP:0000365 Hearing impairment ~HP:0000364
n poor hearing; hearing problems; trouble hearing; deafness; hardness of hearing
N HL; hearing loss; failed newborn hearing screen; need of hearing aids
v <does|did> not hear well; <wears|wore> hearing aids; <does|did> not turn to sounds
v <turns|turned> the television up loud; failed {his} hearing test
-n normal hearing
-v <hears|heard> well; passed {his} hearing test
-c hearing <is|was> normal
HP:0000407 Sensorineural hearing impairment ~HP:0000364
n nerve deafness; inner ear deafness; hearing loss from the inner ear
N SNHL; bilateral SNHL; sensorineural deafness; sensorineural loss on audiometry; cochlear implants for deafness
-n normal hearing
-N normal audiometry; normal BERA
HP:0000405 Conductive hearing impairment
n glue ear with poor hearing; hearing loss from the middle ear
N CHL; conductive deafness; air-bone gap on audiometry
HP:0000364 Hearing abnormality
n hearing trouble; a problem with {his} hearing
HP:0000360 Tinnitus
n ringing in the ears; buzzing in the ears
v <hears|heard> a ringing noise
HP:0000505 Visual impairment ~HP:0000504
n poor eyesight; poor vision; bad eyes; problems with seeing
N reduced vision; VI; low vision
v <does|did> not see well; <sits|sat> very close to the television; <does|did> not [fix or follow|follow faces]
v <holds|held> things close to {his} face
-n normal vision; good eyesight
HP:0007663 Reduced visual acuity ~HP:0000504
n blurred vision; weak eyesight; blurry sight
N reduced VA; decreased acuity; poor visual acuity
v <cannot|could not> read the board [at school|]
-n normal visual acuity
HP:0000572 Visual loss
n loss of sight; failing eyesight
v <is|was> losing {his} sight
HP:0000529 Progressive visual loss
n sight getting worse [over the years|]; slowly failing sight
c {his} sight <is|was> getting worse
HP:0000618 Blindness
v <is|was> blind; <cannot|could not> see [at all|anything]; <is|was> registered blind
n loss of all sight
N NLP vision; no light perception in either eye
HP:0000662 Nyctalopia
n night blindness; poor sight in the dark; trouble seeing at night
v <cannot|could not> see in the dark; <bumps|bumped> into things [at dusk|in the dark]
-v <sees|saw> well at night
HP:0000613 Photophobia
n dislike of bright light; sensitivity to light; trouble with bright light
v <screws|screwed> up {his} eyes in [the sun|bright light]; <cannot|could not> bear bright light
HP:0000639 Nystagmus ~HP:0000639
n wobbly eyes; dancing eyes; jerky eye movements; flickering eyes; shaking of the eyes
N horizontal nystagmus; pendular nystagmus; gaze-evoked nystagmus; involuntary eye movements
c {his} eyes <wobble|wobbled> [from side to side|]; {his} eyes <jerk|jerked> [to and fro|]
HP:0000486 Strabismus ~HP:0000549
n a squint; crossed eyes; a turn in one eye; a lazy eye
N esotropia; exotropia; convergent squint; divergent squint; ocular misalignment
c {his} eyes <do|did> not look in the same direction; one eye <turns|turned> [in|out]
-n straight eyes
HP:0000508 Ptosis
n droopy eyelids; drooping of the eyelids; hanging eyelids; a drooping lid
N bilateral ptosis; lid ptosis; blepharoptosis
c {his} eyelids <droop|drooped> [by the evening|]; {his} upper lids <hang|hung> low
-n normal lid position
HP:0000518 Cataract
n clouding of the lens; cloudy lenses; a cloudy lens
N lens opacities; lenticular opacities; cataract extraction [in the past|]
v had cataract surgery
-n clear lenses
HP:0000545 Myopia
n short-sightedness; nearsightedness
v <wears|wore> glasses for short sight; <is|was> short-sighted
HP:0000540 Hypermetropia
n long-sightedness; farsightedness
v <is|was> long-sighted
HP:0000483 Astigmatism
v <wears|wore> glasses for astigmatism
HP:0000648 Optic atrophy
N pale optic discs; optic nerve atrophy; bilateral optic disc pallor with atrophy; atrophic optic discs
n wasting of the optic nerves
HP:0000543 Optic disc pallor
N pale discs; pale optic discs on fundoscopy; disc pallor
HP:0000510 Rod-cone dystrophy
N retinitis pigmentosa; RP; retinal pigment changes with loss of rods on ERG; pigmentary retinal degeneration
HP:0000556 Retinal dystrophy
N retinal degeneration; dystrophic retina; extinguished ERG
HP:0000580 Pigmentary retinopathy
N pigmentary retinal changes; pigment clumping of the retina; salt-and-pepper retina
HP:0000501 Glaucoma
n raised pressure in the eye; raised eye pressure
N elevated IOP with disc cupping
HP:0007957 Corneal opacity
n cloudy corneas; clouding of the front of the eye; cloudy eyes
N corneal clouding; hazy corneas
-n clear corneas
HP:0000568 Microphthalmia
n small eyes; a small eye; one eye smaller than the other
N microphthalmos; short axial length of the eye
HP:0000520 Proptosis
n bulging eyes; prominent eyes; staring eyes
N exophthalmos; prominent globes; protruding eyes
c {his} eyes <stick|stuck> out
HP:0000490 Deeply set eye
n deep-set eyes; sunken eyes; eyes set deep in the face
N deeply set eyes
HP:0000316 Hypertelorism
n wide-set eyes; widely set eyes; eyes far apart; widely spaced eyes
N increased interpupillary distance; wide-spaced eyes; ocular hypertelorism
c {his} eyes <are|were> far apart; {his} eyes <are|were> wide apart
HP:0000601 Hypotelorism
n close-set eyes; eyes close together
N reduced interpupillary distance
c {his} eyes <are|were> close together
HP:0000506 Telecanthus
N increased inner canthal distance; widely spaced inner canthi
HP:0000286 Epicanthus
n folds at the inner corners of the eyes; skin folds over the inner eye corners
N epicanthal folds; epicanthic folds; bilateral epicanthi
HP:0000494 Downslanted palpebral fissures
n eyes that slant downwards; down-slanting eyes; downslanting eyes
N downslanting palpebral fissures; antimongoloid slant; palpebral fissures slanting down
c {his} eyes <slant|slanted> down [at the outer corners|]
HP:0000582 Upslanted palpebral fissure
n eyes that slant upwards; upslanting eyes; up-slanting eyes
N upslanting palpebral fissures; upslanted fissures
c {his} eyes <slant|slanted> upwards
HP:0012745 Short palpebral fissure
n small eye openings; narrow eye openings
N short palpebral fissures; blepharophimosis-like fissures
HP:0000581 Blepharophimosis
n narrow eye openings; small eye slits
N horizontally narrow palpebral fissures
HP:0000347 Micrognathia
n a small chin; a small jaw; a tiny chin; a small lower jaw
N mandibular hypoplasia; hypoplastic mandible; small mandible; receding chin
c {his} chin <is|was> [very|] small; {his} lower jaw <is|was> small
HP:0000278 Retrognathia
n a receding chin; a set-back chin; a chin that <falls|fell> back
N retrognathic mandible; retruded mandible
c {his} chin <is|was> set back
HP:0000303 Mandibular prognathia
n a protruding chin; a jutting jaw; a big lower jaw
N prognathism; mandibular prognathism
c {his} lower jaw <sticks|stuck> out
HP:0000369 Low-set ears
n ears set low; low ears; ears placed low [on the head|]
N low set ears; low-lying ears; ears below the eye line
c {his} ears <are|were> set low; {his} ears <sit|sat> low on the head
-n normally placed ears
HP:0000358 Posteriorly rotated ears
n ears turned backwards; ears tilted back
N posteriorly angulated ears; ears rotated backwards
c {his} ears <are|were> tilted backwards
HP:0000400 Macrotia
n large ears; big ears
N large pinnae
c {his} ears <are|were> [very|] large
HP:0008551 Microtia
n small ears; a small, underdeveloped ear; a tiny ear
N hypoplastic pinna; small malformed pinna
HP:0000411 Protruding ear
n ears that stick out; bat ears; protruding ears
N prominent ears
c {his} ears <stick|stuck> out
HP:0000377 Abnormal pinna morphology
n oddly shaped ears; unusual ears; misshapen ears
N dysplastic ears; malformed pinnae; dysmorphic ears
HP:0000431 Wide nasal bridge
n a broad nose bridge; a wide nose bridge
N broad nasal bridge; broad nasal root
c the bridge of {his} nose <is|was> broad
HP:0005280 Depressed nasal bridge
n a flat nose bridge; a sunken nose bridge; a flat nose
N flat nasal bridge; low nasal bridge; depressed nasal root
c the bridge of {his} nose <is|was> flat
HP:0000426 Prominent nasal bridge
n a high nose bridge
N high nasal bridge
HP:0000463 Anteverted nares
n an upturned nose; nostrils that point forwards; a turned-up nose
N anteverted nostrils; upturned nostrils
HP:0003196 Short nose
n a small nose; a snub nose
N hypoplastic nose; nasal shortening
HP:0000414 Bulbous nose
n a rounded nose tip; a bulb-shaped nose
N bulbous nasal tip
HP:0000343 Long philtrum
n a long upper lip groove; a long space between nose and lip
N elongated philtrum
HP:0000322 Short philtrum
n a short space between nose and lip
HP:0000319 Smooth philtrum
n a flat groove above the lip
N flat philtrum; effaced philtrum
HP:0000219 Thin upper lip vermilion
n a thin upper lip; thin upper lip
N thin vermilion of the upper lip
HP:0000218 High palate
n a high roof of the mouth; a high-arched palate
N high arched palate; high-arched palate
HP:0000175 Cleft palate
n a hole in the roof of the mouth; a split palate
N CP; cleft of the [soft|secondary] palate; palatal cleft
v had surgery for a cleft palate
-n intact palate
HP:0000204 Cleft upper lip
n a harelip; a split lip
N CL; unilateral cleft lip
-n intact lip
HP:0000154 Wide mouth
n a large mouth; a broad mouth
N macrostomia
HP:0000160 Narrow mouth
n a small mouth
N microstomia
HP:0002714 Downturned corners of mouth
n a downturned mouth; mouth corners that turn down
HP:0000158 Macroglossia
n a large tongue; a big tongue that <sticks|stuck> out
N enlarged tongue
HP:0000164 Abnormality of the dentition
n abnormal teeth; tooth problems; dental problems
N dental anomalies
-n normal teeth
HP:0000670 Carious teeth
n bad teeth; rotten teeth; tooth decay; many cavities
N dental caries; multiple caries
HP:0000691 Microdontia
n small teeth; tiny teeth
HP:0009804 Tooth agenesis
n missing teeth; teeth that never came
N hypodontia; oligodontia; congenitally missing teeth
HP:0000684 Delayed eruption of teeth
n late teeth; teeth coming late
v got {his} first tooth at {14-24m}
N delayed tooth eruption; delayed dentition
HP:0002007 Frontal bossing
n a bulging forehead; a bossed forehead
N bossing of the forehead; prominent frontal bones
c {his} forehead <bulges|bulged>
HP:0011220 Prominent forehead
n a prominent brow; a bulging brow
HP:0000348 High forehead
n a tall forehead
HP:0000337 Broad forehead
n a wide forehead
HP:0000340 Sloping forehead
n a forehead that <slopes|sloped> back; a receding forehead
HP:0011800 Midface retrusion
n a flat middle of the face; a sunken midface
N midface hypoplasia; midfacial hypoplasia; flat midface
HP:0000272 Malar flattening
n flat cheeks; flat cheekbones
N malar hypoplasia; flat malar region
HP:0001999 Abnormal facial shape ~HP:0000271
n an unusual face; an unusual look; unusual facial features; {his} different looks
N dysmorphic features; facial dysmorphism; dysmorphic facies; dysmorphic facial features; distinctive facies
N facial dysmorphic signs
v <looks|looked> different from {his} [brothers and sisters|parents]
-n normal face
HP:0000280 Coarse facial features
n a coarse face; heavy facial features; coarse features
N coarse facies; facial coarsening; gargoyle-like facies
c {his} face <looks|looked> coarse
HP:0000276 Long face
n a long, thin face
HP:0000325 Triangular face
n a triangular-shaped face
HP:0000311 Round face
n a moon-shaped face; a full, round face
HP:0000324 Facial asymmetry
n an uneven face; a lopsided face; one side of the face smaller than the other
c the two sides of {his} face <do|did> not match
HP:0000248 Brachycephaly
n a flat back of the head; a short, wide head
N flat occiput; brachycephalic skull
HP:0000268 Dolichocephaly
n a long, narrow head
N dolichocephalic skull; scaphocephalic skull shape
HP:0001363 Craniosynostosis
n early closure of the skull bones; skull bones that closed too early
N premature fusion of the [sagittal|coronal|metopic] suture; fused skull sutures
HP:0000260 Wide anterior fontanel
n a large soft spot
N large anterior fontanelle; wide fontanelle
HP:0000470 Short neck
n a neck that <looks|looked> short
HP:0000465 Webbed neck
n skin folds on the sides of the neck
N pterygium colli; neck webbing
HP:0000664 Synophrys
n eyebrows that meet in the middle; joined eyebrows; a monobrow
HP:0000574 Thick eyebrow
n bushy eyebrows; heavy eyebrows
HP:0002553 Highly arched eyebrow
n arched eyebrows; high-arched eyebrows
HP:0000527 Long eyelashes
n very long lashes
HP:0000612 Iris coloboma
n a keyhole pupil; a gap in the iris
HP:0001094 Iridocyclitis
n painful inflammation inside the eye
HP:0000602 Ophthalmoplegia
n eyes that do not move [well|]
N restricted eye movements; limitation of eye movements in all directions
v <cannot|could not> move {his} eyes [properly|to the sides]
HP:0000651 Diplopia
n double vision
v <sees|saw> double
HP:0001097 Keratoconjunctivitis sicca
n dry, gritty eyes
HP:0000509 Conjunctivitis
n red, sticky eyes
HP:0000421 Epistaxis
n nosebleeds; frequent nosebleeds; bleeding from the nose
v <has|had> nosebleeds [every week|]
HP:0000458 Anosmia
v <cannot|could not> smell [anything|]
n loss of smell; lack of a sense of smell
-n normal sense of smell
"""
