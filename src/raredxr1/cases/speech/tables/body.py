"""Growth, bones, joints, skin and hair, as people put it."""

TABLE = """
HP:0004322 Short stature ~HP:0000002
n small size; small stature
N height below the third centile; short stature; reduced height
v <is|was> the smallest in {his} class; <is|was> small for {his} age
v <is|was> much shorter than [{his} peers|other children of {his} age]; <has|had> always been small
-n normal height
HP:0001510 Growth delay
n slow growth; poor growth
N growth failure; falling off the growth centiles; growth retardation
v <is|was> not growing well; <grows|grew> slowly; <is|was> still in clothes for a younger child
-n normal growth
HP:0008897 Postnatal growth retardation
n poor growth after birth
N postnatal growth failure; growth faltering after birth
HP:0000098 Tall stature
n great height
N height above the 97th centile
v <is|was> the tallest in {his} class; <is|was> taller than everyone [in the family|of {his} age]
HP:0001508 Failure to thrive
n poor weight gain; failure to gain weight; slow weight gain
N FTT; faltering growth; weight faltering; failure to thrive; crossing weight centiles downwards
v <does|did> not gain weight; <is|was> not putting on weight; <gains|gained> hardly any weight
-n good weight gain
-v <gains|gained> weight well
HP:0004325 Decreased body weight
n low weight
N low body weight; weight below the third centile
v <is|was> [very|] thin; <is|was> underweight
HP:0001824 Weight loss
n loss of weight; unwanted weight loss
v lost {4-18} kg [in the last year|]; <loses|lost> weight [without trying|although {he} <eats|ate> well]
-n stable weight
HP:0001513 Obesity
n excess weight
N elevated BMI; morbid obesity; BMI in the obese range
v <is|was> very overweight; <gains|gained> too much weight
HP:0001511 Intrauterine growth retardation
n poor growth in the womb; slow growth before birth
N IUGR; fetal growth restriction; FGR; intrauterine growth restriction
c the baby was small on the scans in pregnancy
HP:0001518 Small for gestational age
n low birth weight for dates
N SGA; small for dates; birth weight below the 10th centile
v was a small baby; was born small for dates
HP:0001622 Premature birth
n early birth; birth weeks before the due date
N prematurity; preterm birth; premature delivery
v was born [early|prematurely|too soon|weeks before the due date]
-n birth at term
HP:0001561 Polyhydramnios
n too much water around the baby; excess amniotic fluid
N raised AFI; excess liquor; hydramnios
HP:0001562 Oligohydramnios
n too little water around the baby; low amniotic fluid
N reduced liquor; low AFI
HP:0001558 Decreased fetal movement
n few movements in the womb; weak kicks in pregnancy
N reduced fetal movements; decrease in fetal movements
c the mother felt few movements in pregnancy
HP:0002650 Scoliosis
n a crooked back; a curved spine; sideways bend of the spine; curvature of the spine
N spinal curvature; thoracic scoliosis; scoliosis on X-ray; scoliosis needing a brace
v <wears|wore> a brace for {his} spine
c {his} spine <curves|curved> to one side; {his} back <is|was> crooked
-n straight spine
HP:0002808 Kyphosis
n a rounded back; a hunched back; a hump
N thoracic kyphosis; kyphotic posture
c {his} back <is|was> rounded
HP:0002751 Kyphoscoliosis
n a curved and hunched spine; a bent, crooked back
HP:0003307 Hyperlordosis
n a hollow back; a swayback
N lumbar hyperlordosis; exaggerated lumbar lordosis
HP:0000767 Pectus excavatum
n a sunken chest; a funnel chest; a caved-in breastbone
N funnel chest
c {his} breastbone <is|was> caved in
HP:0000768 Pectus carinatum
n a pigeon chest; a breastbone that <sticks|stuck> out
HP:0001382 Joint hypermobility
n loose joints; bendy joints; double joints; very flexible joints
N joint laxity; hyperlaxity; hypermobile joints; ligamentous laxity; generalised joint laxity
v <is|was> double-jointed; <can|could> bend {his} [thumb to the forearm|fingers far back]
HP:0001371 Flexion contracture
n joints that <do|did> not straighten; bent joints; tight joints
N contractures; joint contractures; flexion deformities; fixed flexion
c {his} [elbows|knees|fingers] <do|did> not straighten fully
-n no contractures
HP:0002804 Arthrogryposis multiplex congenita
n stiff, bent joints since birth
N arthrogryposis; multiple congenital contractures; AMC
HP:0001387 Joint stiffness
n stiff joints; morning stiffness; stiffness of the joints
c {his} joints <are|were> stiff [in the morning|]
HP:0001376 Limitation of joint mobility
n joints that <do|did> not move fully
N restricted range of movement; reduced joint mobility; limited range of motion
-n full range of movement
HP:0002829 Arthralgia
n joint pain; painful joints; aching joints; sore joints
c {his} [knees|joints] <hurt|hurt>; {his} joints <ache|ached>
HP:0001369 Arthritis
n swollen, painful joints; hot swollen joints
N joint swelling and tenderness; synovitis; inflamed joints
HP:0001156 Brachydactyly
n short fingers; short fingers and toes; stubby fingers
N brachydactyly of the hands
c {his} fingers <are|were> short
HP:0001166 Arachnodactyly
n long thin fingers; spidery fingers
c {his} fingers <are|were> long and thin
HP:0001182 Tapered finger
n tapering fingers; fingers that <get|got> thin towards the tips
HP:0012385 Camptodactyly
n bent fingers; fingers that <do|did> not straighten
N permanently flexed fingers; flexion of the PIP joints
HP:0030084 Clinodactyly
n curved fingers; crooked fingers
HP:0004209 Clinodactyly of the 5th finger
n curved little fingers; bent little fingers; inward-curving little fingers
N fifth finger clinodactyly; incurved fifth fingers; 5th finger clinodactyly
c {his} little fingers <curve|curved> inwards
HP:0001159 Syndactyly
n webbed fingers or toes; fused digits
HP:0006101 Finger syndactyly
n webbed fingers; fingers joined together
N fused fingers; cutaneous syndactyly of the fingers
HP:0001770 Toe syndactyly
n webbed toes; toes joined together
N 2-3 toe syndactyly; cutaneous syndactyly of toes 2 and 3
HP:0010442 Polydactyly
n an extra finger; extra toes; extra fingers or toes
N supernumerary digits
v was born with an extra [finger|toe]
HP:0000954 Single transverse palmar crease
n a single line across the palm
N simian crease; single palmar crease
HP:0001761 Pes cavus
n high-arched feet; a high foot arch; high arches
N cavus feet; pes cavus deformity
c {his} feet <are|were> high-arched
HP:0001763 Pes planus
n flat feet; fallen arches
c {his} feet <are|were> flat
HP:0001762 Talipes equinovarus
n club feet; a club foot; clubfoot; feet turned inwards at birth
N CTEV; congenital clubfoot; TEV
v was born with club feet; had casts for club feet [as a baby|]
HP:0002857 Genu valgum
n knock knees; knees that knock together
c {his} knees <knock|knocked> together
HP:0002970 Genu varum
n bow legs; bowed legs
c {his} legs <are|were> bowed
HP:0002827 Hip dislocation
n dislocated hips; a hip out of joint
N dislocation of the hip; hips dislocated on X-ray
HP:0001385 Hip dysplasia
n shallow hip sockets; clicky hips
N DDH; dysplastic hips
HP:0000938 Osteopenia
n thin bones; weak bones
N reduced bone density; low BMD; undermineralised bones; decreased bone density on X-ray
HP:0000939 Osteoporosis
n brittle bones; fragile bones
N low bone mass; BMD in the osteoporotic range
HP:0002757 Recurrent fractures
n many broken bones; bones that <break|broke> easily; repeated fractures
N multiple fractures; recurrent low-energy fractures
v <breaks|broke> bones easily; has broken {his} [arm|leg|wrist] {3-8} times
-n no fractures
HP:0002653 Bone pain
n aching bones; pain in the bones
c {his} bones <hurt|hurt>
HP:0002750 Delayed skeletal maturation
N delayed bone age; bone age behind chronological age; bone age delay; retarded bone age
HP:0002652 Skeletal dysplasia
n abnormal bones [on X-ray|]
N bone dysplasia; dysplastic skeletal changes
HP:0000926 Platyspondyly
N flattened vertebrae; flat vertebral bodies
HP:0002983 Micromelia
n short arms and legs; very short limbs
N shortened limbs
HP:0008873 Disproportionate short-limb short stature
n short arms and legs for {his} height
HP:0001773 Short foot
n small feet
HP:0200055 Small hand
n small hands
HP:0000774 Narrow chest
n a narrow rib cage; a small, narrow chest
N narrow thorax
HP:0000023 Inguinal hernia
n a lump in the groin; a groin hernia; a rupture in the groin
v had a groin hernia repaired
HP:0001537 Umbilical hernia
n a navel that <sticks|stuck> out; a hernia at the belly button
HP:0000964 Eczematoid dermatitis
n eczema; itchy, dry patches of skin
N eczematous dermatitis; atopic-type eczema
HP:0000988 Skin rash
n a rash; red spots on the skin
v <comes|came> out in a rash
-n no rash
HP:0000958 Dry skin
n dry, rough skin; rough skin
N xerosis
c {his} skin <is|was> dry [and rough|]
HP:0000962 Hyperkeratosis
n thick, horny skin; thickened, scaly skin
HP:0008064 Ichthyosis
n fish-scale skin; dry, scaly skin
N scaling of the skin; ichthyotic scaling
HP:0000982 Palmoplantar keratoderma
n thick skin on the palms and soles; hard skin on hands and feet
N PPK; palmoplantar hyperkeratosis
HP:0008066 Abnormal blistering of the skin
n blisters; skin that <blisters|blistered> easily
c {his} skin <blisters|blistered> [at the slightest touch|easily]
HP:0000989 Pruritus
n itching; itchy skin
v <scratches|scratched> all the time; <itches|itched> [all over|]
HP:0010783 Erythema
n red skin; redness of the skin
HP:0000992 Cutaneous photosensitivity
n skin that <burns|burned> in the sun; a rash after sun exposure; easy sunburn
v <burns|burned> after minutes in the sun
HP:0000957 Cafe-au-lait spot
n light brown spots on the skin; coffee-coloured patches; brown birthmarks
N café-au-lait macules; CALMs; {6-14} café-au-lait spots
HP:0001010 Hypopigmentation of the skin
n pale patches of skin; white patches
N depigmented macules; hypopigmented areas
HP:0000953 Hyperpigmentation of the skin
n dark patches of skin; darkened skin
N hyperpigmented areas
HP:0000978 Bruising susceptibility
n easy bruising; bruises without a reason; bruises all over
v <bruises|bruised> easily; <bruises|bruised> at the slightest knock
-n no easy bruising
HP:0001892 Abnormal bleeding
n bleeding that <does|did> not stop; easy bleeding
v <bleeds|bled> for a long time [after cuts|after dental work]
HP:0000974 Hyperextensible skin
n stretchy skin; skin that <stretches|stretched> a lot
N hyperelastic skin; skin hyperextensibility
HP:0000973 Cutis laxa
n loose, sagging skin; loose skin folds
HP:0001072 Thickened skin
n thick skin; hard, tight skin
HP:0000980 Pallor
n pale skin; paleness
v <looks|looked> pale
-n no pallor
HP:0000952 Jaundice
n yellow skin; yellowing of the skin and eyes; yellow eyes
N icterus; scleral icterus
v turned yellow; <looks|looked> yellow
c {his} eyes and skin turned yellow
-n anicteric sclerae
HP:0000969 Edema
n swelling; puffiness; swollen [legs|ankles|feet]; fluid in the legs
N oedema; pitting oedema
-n no ankle swelling
HP:0000975 Hyperhidrosis
n excessive sweating; sweating a lot; heavy sweating
v <sweats|sweated> a lot [even when it <is|was> cool|at night|]
HP:0000966 Hypohidrosis
n little sweating; poor sweating
v <sweats|sweated> very little; hardly <sweats|sweated>
HP:0001596 Alopecia
n hair loss; baldness; bald patches
v <is|was> losing {his} hair
-n normal hair
HP:0008070 Sparse hair
n thin hair; little hair; scanty hair
N scant hair; hypotrichosis
c {his} hair <is|was> thin [and sparse|]
HP:0002209 Sparse scalp hair
n thin hair on the head; little hair on the scalp
HP:0045075 Sparse eyebrow
n thin eyebrows; scanty eyebrows
HP:0001007 Hirsutism
n too much body hair; excess body hair; hair on the [face|back|arms]
HP:0000998 Hypertrichosis
n excessive hair growth; a hairy back and arms
HP:0008404 Nail dystrophy
n abnormal nails; misshapen nails; brittle, crumbling nails
N dystrophic nails; dysplastic nails
HP:0001597 Abnormal nail morphology
n odd nails; unusual nails
HP:0001635 Congestive heart failure
n a failing heart; fluid overload from the heart
N CHF; CCF; cardiac decompensation
HP:0100490 Camptodactyly of finger
n bent fingers that <do|did> not straighten
N flexed fingers
HP:0003510 Severe short stature
n very small size
v <is|was> extremely small for {his} age
N severe growth retardation
HP:0001883 Talipes
n turned-in feet; a foot deformity from birth
HP:0001760 Abnormal foot morphology
n foot deformities; odd-shaped feet
HP:0011121 Abnormal skin morphology
n skin changes; skin problems
"""
