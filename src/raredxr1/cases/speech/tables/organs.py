"""Heart, lungs, gut, kidneys, blood, hormones and infections, as people put it."""

TABLE = """
HP:0011968 Feeding difficulties
n feeding problems; trouble feeding; poor feeding; difficulty feeding
N poor oral intake; need of nasogastric feeding; NG-fed
v <feeds|fed> poorly; <takes|took> an hour over each feed; <refuses|refused> {his} feeds
v <needs|needed> [a feeding tube|tube feeding]
-v <feeds|fed> well
HP:0008872 Feeding difficulties in infancy
n poor feeding as a baby; trouble feeding in the first months; weak sucking as a baby
v was slow to feed as a baby; fed poorly in the first months; was tube-fed as a baby
N infantile feeding problems; neonatal feeding difficulties
HP:0002033 Poor suck
n weak sucking; a weak suck
v <sucks|sucked> weakly; could not suck [properly|]
HP:0002013 Vomiting
n repeated vomiting
N emesis; recurrent vomiting
v <is|was> sick [after every meal|every day|in the mornings]; <vomits|vomited> [after feeds|every day|]
v <throws|threw> up
HP:0002018 Nausea
v <feels|felt> sick
HP:0002017 Nausea and vomiting
n nausea with vomiting
N N&V
HP:0002014 Diarrhea
n loose stools; watery stools; runny stools; the runs
N loose watery stools; {4-10} loose stools a day
v <has|had> {4-10} loose stools a day; <opens|opened> {his} bowels {5-10} times a day
-n normal bowel habit
HP:0002028 Chronic diarrhea
n loose stools for months; diarrhoea that <does|did> not go away
N persistent diarrhoea; diarrhoea for over {2-9} months
HP:0002019 Constipation
n hard stools; infrequent stools
v <opens|opened> {his} bowels once a week; <needs|needed> laxatives [every day|]
v <strains|strained> to pass hard stools
-n regular bowels
HP:0002027 Abdominal pain
n tummy ache; stomach pain; belly pain; tummy pain; cramps in the belly
N abdo pain; colicky abdominal pain
v <has|had> tummy ache; <complains|complained> of stomach pain
c {his} tummy <hurts|hurt>
-n soft, non-tender abdomen
HP:0003270 Abdominal distention
n a swollen belly; a bloated tummy; a big belly
N distended abdomen; abdo distension
c {his} belly <is|was> swollen
HP:0002020 Gastroesophageal reflux
n reflux; heartburn; acid reflux
N GORD; GERD; GOR
v <brings|brought> up {his} feeds; <takes|took> omeprazole for reflux
HP:0002039 Anorexia
n loss of appetite; poor appetite
v <does|did> not want to eat; <has|had> no appetite
-n good appetite
HP:0002591 Polyphagia
n constant hunger; insatiable appetite
v <is|was> always hungry; <eats|ate> all day; <steals|stole> food
HP:0002240 Hepatomegaly
n a big liver; a swollen liver; an enlarged liver
N liver palpable {3-8} cm below the costal margin; liver {3-7} cm BCM; palpable liver edge
-N liver not palpable; liver not enlarged
HP:0001744 Splenomegaly
n a big spleen; a swollen spleen; an enlarged spleen
N spleen palpable {2-8} cm below the costal margin; palpable spleen; spleen tip felt
-N spleen not palpable; spleen not enlarged
HP:0001433 Hepatosplenomegaly
n a big liver and spleen
N HSM; liver and spleen enlarged; palpable liver and spleen
-n no organomegaly
HP:0001397 Hepatic steatosis
n fatty liver; fat in the liver
N echogenic liver on ultrasound; steatosis on biopsy
HP:0001394 Cirrhosis
n scarring of the liver
N cirrhotic liver; nodular liver on ultrasound
HP:0001399 Hepatic failure
n failure of the liver
N liver failure; acute liver failure
HP:0001945 Fever
n high temperatures; temperatures; raised temperature
N pyrexia; febrile episodes; PUO
v <runs|ran> temperatures; <is|was> hot [and shivery|to the touch]; <is|was> febrile
-v <is|was> afebrile
HP:0001954 Recurrent fever
n fevers that keep coming back; fevers every few weeks
N periodic fevers; recurrent febrile episodes
v <gets|got> a fever every [few|three|four] weeks
HP:0002719 Recurrent infections
n one infection after another; many infections; frequent infections; repeated infections
v <is|was> always ill; <catches|caught> everything; <needs|needed> antibiotics again and again
N recurrent infections requiring antibiotics
-n no unusual infections
HP:0002205 Recurrent respiratory infections
n repeated chest infections; frequent chest infections; many coughs and colds
N recurrent RTIs; recurrent LRTIs; {4-10} chest infections a year
v <gets|got> chest infections every winter; <has|had> {4-9} chest infections a year
HP:0006532 Recurrent pneumonia
n several pneumonias; repeated pneumonia
N {3-6} episodes of pneumonia
v has had pneumonia {3-6} times
HP:0000403 Recurrent otitis media
n ear infections; many ear infections; repeated ear infections
N recurrent AOM; recurrent ear infections; grommets for recurrent otitis
v <has|had> ear infections [all the time|again and again]
HP:0002721 Immunodeficiency
n a weak immune system; poor defences
N immune deficiency; combined immune defect
HP:0012735 Cough
n coughing
v <coughs|coughed> [at night|all the time]
-n no cough
HP:0002094 Dyspnea
n shortness of breath; breathlessness; trouble breathing
N SOB; SOBOE; dyspnoea on exertion; exertional dyspnoea
v <gets|got> short of breath [on the stairs|on exertion|]; <is|was> breathless [when walking|lying flat|]
-n comfortable breathing
HP:0002098 Respiratory distress
n laboured breathing
N increased work of breathing; subcostal recession; grunting and recession
v <struggles|struggled> to breathe
HP:0002093 Respiratory insufficiency
n weak breathing; breathing that <is|was> too weak
N need of respiratory support; need of non-invasive ventilation; hypercapnia; BiPAP at night
v <needs|needed> help with breathing [at night|]; <needs|needed> a ventilator at night
HP:0002878 Respiratory failure
N need of mechanical ventilation; intubation for respiratory failure
v <had|had> to be ventilated
HP:0002643 Neonatal respiratory distress
n trouble breathing after birth
N RDS at birth; respiratory distress in the newborn period; CPAP after birth
v needed oxygen after birth
HP:0002104 Apnea
n pauses in breathing; breathing stops
N apnoeic spells; apnoeas
v <stops|stopped> breathing for [seconds|up to {15-30} seconds]
HP:0010535 Sleep apnea
n pauses in breathing during sleep; snoring with pauses
N OSA; obstructive sleep apnoea
HP:0002110 Bronchiectasis
N bronchiectatic changes on CT; dilated bronchi on HRCT
n widened, scarred airways
HP:0002099 Asthma
n wheezing; wheezy chest
v <uses|used> inhalers for asthma; <wheezes|wheezed>
HP:0001631 Atrial septal defect
n a hole between the upper heart chambers; a hole in the heart
N ASD; ASD II; secundum ASD; ostium secundum defect
-N intact atrial septum
HP:0001629 Ventricular septal defect
n a hole between the lower heart chambers; a hole in the heart
N VSD; perimembranous VSD; muscular VSD
-N intact ventricular septum
HP:0001643 Patent ductus arteriosus
N PDA; persistent ductus; open ductus arteriosus; ductus not closed
HP:0001639 Hypertrophic cardiomyopathy
n a thick heart muscle; thickened heart muscle
N HCM; HOCM; asymmetric septal hypertrophy; thickened septum on echo
HP:0001644 Dilated cardiomyopathy
n a large, weak heart; an enlarged, weak heart
N DCM; dilated LV with poor function; dilated left ventricle with reduced ejection fraction
HP:0001638 Cardiomyopathy
n heart muscle disease; a weak heart muscle
N cardiac muscle disease on echo
HP:0001627 Abnormal heart morphology ~HP:0001627
n a heart defect; heart defects; a heart problem from birth
N CHD; congenital heart disease; cardiac malformation; structural heart disease
-N structurally normal heart; normal echocardiogram
HP:0001634 Mitral valve prolapse
n a floppy heart valve
N MVP; prolapse of the mitral leaflets; mitral prolapse on echo
HP:0002616 Aortic root aneurysm
n widening of the main artery [at the heart|]; an enlarged aorta
N dilated aortic root; aortic root dilatation; aortic root Z-score +{3.1-6.5}; dilated sinuses of Valsalva
-N normal aortic root
HP:0011675 Arrhythmia
n an irregular heartbeat; irregular heart rhythm
N cardiac arrhythmia; runs of SVT; irregular pulse
-N sinus rhythm
HP:0001962 Palpitations
n a racing heart; heart pounding; thumping of the heart
v <feels|felt> {his} heart [race|pounding]
HP:0000822 Hypertension ~HP:0000822
n high blood pressure; raised blood pressure
N HTN; arterial hypertension; elevated BP
v <takes|took> tablets for high blood pressure
-n normal blood pressure
HP:0100749 Chest pain
n pain in the chest; chest tightness
HP:0000083 Renal insufficiency ~HP:0012211
n poor kidney function; failing kidneys
N renal impairment; reduced GFR; CKD; impaired renal function
-n normal kidney function
HP:0003774 Stage 5 chronic kidney disease
n kidney failure
N ESRD; end-stage renal disease; ESKD on dialysis; dialysis dependence
v <needs|needed> dialysis; had a kidney transplant
HP:0000093 Proteinuria
n protein in the urine; foamy urine
N urine dipstick protein 3+; urinary protein ++
-N urine negative for protein
HP:0000790 Hematuria
n blood in the urine; red urine
N urine dipstick blood 3+; microscopic haematuria; RBCs in the urine
HP:0000126 Hydronephrosis
n a swollen kidney; urine backing up into the kidney
N dilated renal pelvis; pelvicalyceal dilatation
HP:0000107 Renal cyst
n cysts in the kidneys
N renal cortical cysts; cystic kidneys on ultrasound
HP:0000121 Nephrocalcinosis
n chalk in the kidneys
N calcification of the renal medulla; echogenic pyramids
HP:0000787 Nephrolithiasis
n kidney stones
v has passed kidney stones
N renal calculi
HP:0000020 Urinary incontinence
v <leaks|leaked> urine; <cannot|could not> hold {his} urine
n leaking of urine; accidents with urine
HP:0000805 Enuresis
v <wets|wet> the bed
n bed-wetting
HP:0000103 Polyuria
v <passes|passed> a lot of urine
HP:0001959 Polydipsia
v <drinks|drank> {4-8} litres a day; <is|was> always thirsty
n constant thirst; excessive drinking
HP:0000028 Cryptorchidism
n undescended testes; testicles that have not come down; a testicle that <is|was> not in the scrotum
N UDT; bilateral undescended testes; impalpable testes; maldescended testes
v had surgery for undescended testes
-n descended testes; both testes in the scrotum
HP:0000047 Hypospadias
n a urine opening on the underside of the penis
N glandular hypospadias; penile hypospadias; ventral meatus
v had surgery for hypospadias
HP:0000054 Micropenis
n a very small penis; a small penis
N small phallus; reduced stretched penile length
HP:0008736 Hypoplasia of penis
N hypoplastic penis; small penis
HP:0000135 Hypogonadism
n poor sexual development
N gonadal failure; hypogonadism on hormone testing
HP:0000823 Delayed puberty
n late puberty; no signs of puberty [yet|]
N pubertal delay; Tanner stage [1|2] at {14-17y}
c puberty <is|was> late
HP:0000826 Precocious puberty
n early puberty
v started puberty at {4-7y}
N early breast development; Tanner stage 3 at {5-7y}
HP:0000786 Primary amenorrhea
n never having had a period
v never had [a period|her periods]; has never menstruated
HP:0000821 Hypothyroidism
n an underactive thyroid
v <takes|took> thyroxine
N low thyroid function
-N normal thyroid function; euthyroid status
HP:0000836 Hyperthyroidism
n an overactive thyroid
HP:0000819 Diabetes mellitus
n sugar diabetes; diabetes
N DM; insulin-dependent diabetes; IDDM
v <injects|injected> insulin
-n no diabetes
HP:0001943 Hypoglycemia
n low blood sugar; low sugars; drops in blood sugar
N hypos; low blood glucose; hypoglycaemic episodes
v <has|had> low sugars [after fasting|in the morning|]
-n normal blood sugar
HP:0001903 Anemia ~HP:0001877
n low blood count; low iron and pale blood; a low blood count
N low Hb; anaemia; reduced haemoglobin; a low haemoglobin
-n normal blood count
HP:0001873 Thrombocytopenia
n low platelets; a low platelet count
N reduced platelet count; low plts; plts ↓
-N normal platelet count
HP:0001875 Neutropenia
n low white cells; a low neutrophil count
N neutrophils low; reduced ANC
HP:0001876 Pancytopenia
n low counts of all blood cells
N low Hb, WCC and platelets; all cell lines reduced
HP:0002716 Lymphadenopathy
n swollen glands; lumps in the neck
N enlarged lymph nodes; palpable cervical nodes; LAD
-n no enlarged glands
HP:0003236 Elevated circulating creatine kinase concentration
n a raised muscle enzyme; high muscle enzymes in the blood
N raised CK; CK elevated; hyperCKaemia; elevated CPK; CK ↑
-N normal CK
HP:0002910 Elevated circulating hepatic transaminase concentration
n raised liver tests; abnormal liver tests
N raised ALT and AST; deranged LFTs; elevated transaminases; transaminitis
-N normal LFTs; normal liver function tests; normal transaminases
HP:0002151 Increased circulating lactate concentration
N raised lactate; high lactate; hyperlactataemia; lactate ↑
-N normal lactate
HP:0003128 Lactic acidosis
N acidosis with raised lactate
n acid blood from lactate
HP:0001942 Metabolic acidosis
N acidosis with low bicarbonate; base deficit
n acid in the blood
HP:0001987 Hyperammonemia
N raised ammonia; high ammonia; elevated plasma ammonia; NH3 ↑
n too much ammonia in the blood
-N normal ammonia
HP:0002155 Hypertriglyceridemia
N raised triglycerides; elevated TGs
n high blood fats
HP:0003124 Hypercholesterolemia
N raised cholesterol; elevated total cholesterol
n high cholesterol
HP:0002901 Hypocalcemia
n low calcium
N low serum calcium; Ca ↓
HP:0002900 Hypokalemia
n low potassium
N K ↓; low serum potassium
HP:0002902 Hyponatremia
n low blood salt
N low sodium; Na ↓
HP:0003073 Hypoalbuminemia
N low albumin; low serum albumin; albumin ↓
HP:0004313 Decreased circulating antibody concentration
N low immunoglobulins; hypogammaglobulinaemia; low IgG, IgA and IgM
n low antibodies
HP:0004315 Decreased circulating IgG concentration
N low IgG; reduced serum IgG
HP:0002720 Decreased circulating IgA concentration
N low IgA; IgA deficiency
HP:0011227 Elevated circulating C-reactive protein concentration
N raised CRP; CRP ↑; elevated CRP
n raised inflammation markers
HP:0003565 Elevated erythrocyte sedimentation rate
N raised ESR; ESR ↑
HP:0003155 Elevated circulating alkaline phosphatase concentration
N raised ALP; ALP ↑; elevated alkaline phosphatase
HP:0002904 Hyperbilirubinemia
N raised bilirubin; elevated serum bilirubin
HP:0001974 Leukocytosis
N raised white cell count; elevated WBC; WCC ↑
HP:0001888 Lymphopenia
N low lymphocytes; reduced lymphocyte count
HP:0001882 Leukopenia
N low WCC; low white cell count
HP:0002960 Autoimmunity
N positive autoantibodies; autoimmune disease
n an immune system that attacks the body
HP:0003251 Male infertility
n failure to father a child
v <cannot|could not> father children
HP:0008734 Decreased testicular size
n small testicles
N small testes; testicular volume {2-4} mL
HP:0002024 Malabsorption
n poor absorption of food
N fat malabsorption; steatorrhoea
HP:0001541 Ascites
n fluid in the belly
N free fluid in the abdomen; shifting dullness
HP:0002573 Hematochezia
n blood in the stool; bloody stools
"""
