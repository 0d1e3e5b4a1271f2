"""Findings that are measured: what is measured, in which unit, from where on it is abnormal, and values people have.

A row is: HPO id and label | names of what is measured | unit | limit of the reference range | abnormal values | normal
values | options. Abnormal values lie beyond the limit, normal ones on its other side; `>` means that higher is
abnormal. Limits are rounded from common adult and paediatric laboratory ranges; abnormal values begin well
beyond them, so that they are abnormal at every age the row is used for (`from 1`: not before one year of age). Not for
clinical use.
"""

TABLE = """
HP:0003236 Elevated circulating creatine kinase concentration|CK; creatine kinase; CPK|U/L|>300|600-14000|40-180
HP:0030234 Highly elevated creatine kinase|CK; creatine kinase; serum CK|U/L|>300|3500-24000|40-180
HP:0008180 Mildly elevated creatine kinase|CK; creatine kinase|U/L|>300|330-780|40-180
HP:0040081 Abnormal circulating creatine kinase concentration|CK; creatine kinase|U/L|>300|700-9000|40-180
HP:0002151 Increased circulating lactate concentration|lactate; plasma lactate|mmol/L|>2.5|3.1-9.5|0.8-1.9
HP:0002151 Increased circulating lactate concentration|lactate; serum lactate|mg/dL|>22|28-86|7-18
HP:0003128 Lactic acidosis|lactate; blood lactate|mmol/L|>2.5|5.2-16.5|0.8-1.9
HP:0002490 Increased CSF lactate|CSF lactate|mmol/L|>2.4|2.9-7.5|1.1-2.1
HP:0001942 Metabolic acidosis|pH; venous pH|-|<7.32|6.98-7.27|7.36-7.43
HP:0001942 Metabolic acidosis|bicarbonate; HCO3|mmol/L|<18|6-15|22-26
HP:0001942 Metabolic acidosis|base excess|mmol/L|<-4|-19.0--6.5|-1.5-1.5
HP:0001987 Hyperammonemia|ammonia; plasma ammonia; NH3|µmol/L|>100|135-980|15-45
HP:0001943 Hypoglycemia|glucose; blood glucose; blood sugar|mmol/L|<3.0|1.1-2.5|4.1-5.6
HP:0001943 Hypoglycemia|glucose; blood glucose|mg/dL|<54|18-46|74-100
HP:0003074 Hyperglycemia|glucose; fasting glucose; plasma glucose|mmol/L|>7.0|8.4-22.0|4.1-5.6
HP:0003074 Hyperglycemia|fasting glucose; blood glucose|mg/dL|>126|150-390|74-100
HP:0000819 Diabetes mellitus|HbA1c|%|>6.5|7.1-11.8|4.8-5.6
HP:0000819 Diabetes mellitus|fasting glucose|mmol/L|>7.0|8.1-17.5|4.2-5.5
HP:0001903 Anemia|haemoglobin; Hb|g/dL|<10.5|5.2-9.4|11.9-13.6|from 0.5
HP:0001903 Anemia|haemoglobin; Hb|g/L|<105|52-94|119-136|from 0.5
HP:0001895 Normochromic anemia|Hb|g/dL|<10.5|6.4-9.6|11.9-13.6|from 0.5
HP:0001935 Microcytic anemia|MCV|fL|<70|54-66|80-92|from 0.5
HP:0001972 Macrocytic anemia|MCV|fL|>100|104-128|80-92|from 0.5
HP:0001873 Thrombocytopenia|platelets; platelet count; plts|x10^9/L|<150|8-118|190-380
HP:0001894 Thrombocytosis|platelets; platelet count|x10^9/L|>500|560-1150|190-380
HP:0001875 Neutropenia|neutrophils; neutrophil count; ANC|x10^9/L|<1.0|0.1-0.8|2.1-5.8
HP:0001888 Lymphopenia|lymphocytes; lymphocyte count|x10^9/L|<1.0|0.2-0.8|1.5-3.5
HP:0001882 Leukopenia|white cells; WBC; WCC|x10^9/L|<4.0|1.1-3.2|5.5-9.5
HP:0001974 Leukocytosis|white cells; WBC; WCC|x10^9/L|>15|18-46|5.5-9.5
HP:0001880 Eosinophilia|eosinophils; eosinophil count|x10^9/L|>0.6|0.9-6.5|0.1-0.4
HP:0001923 Reticulocytosis|reticulocytes|%|>3|4.2-18.5|0.6-1.8|from 0.5
HP:0003281 Increased circulating ferritin concentration|ferritin; serum ferritin|µg/L|>400|620-9800|25-180|from 1
HP:0012343 Decreased circulating ferritin concentration|ferritin|µg/L|<12|2-9|25-180
HP:0002910 Elevated circulating hepatic transaminase concentration|ALT|U/L|>60|88-920|12-35
HP:0002910 Elevated circulating hepatic transaminase concentration|AST|U/L|>80|110-980|15-40
HP:0031964 Elevated circulating alanine aminotransferase concentration|ALT; SGPT|U/L|>60|82-860|12-35
HP:0031956 Elevated circulating aspartate aminotransferase concentration|AST; SGOT|U/L|>80|104-920|15-40
HP:0003155 Elevated circulating alkaline phosphatase concentration|ALP; alkaline phosphatase|U/L|>500|620-2900|80-260
HP:0003282 Low alkaline phosphatase|ALP; alkaline phosphatase|U/L|<40|8-29|80-260
HP:0030948 Elevated gamma-glutamyltransferase level|GGT; gamma-GT|U/L|>200|260-1150|12-45|from 0.5
HP:0025435 Increased circulating lactate dehydrogenase concentration|LDH|U/L|>500|620-3400|140-240|from 1
HP:0002904 Hyperbilirubinemia|bilirubin; total bilirubin|µmol/L|>25|42-310|5-17|from 0.2
HP:0002904 Hyperbilirubinemia|total bilirubin|mg/dL|>1.5|2.6-18.5|0.3-0.9|from 0.2
HP:0002908 Conjugated hyperbilirubinemia|conjugated bilirubin; direct bilirubin|µmol/L|>17|34-240|1-4
HP:0003073 Hypoalbuminemia|albumin; serum albumin|g/L|<30|13-27|36-46
HP:0003073 Hypoalbuminemia|albumin|g/dL|<3.0|1.3-2.7|3.6-4.6
HP:0002902 Hyponatremia|sodium; serum sodium; Na|mmol/L|<135|114-131|137-143
HP:0003228 Hypernatremia|sodium; serum sodium; Na|mmol/L|>145|149-168|137-143
HP:0002900 Hypokalemia|potassium; serum potassium; K|mmol/L|<3.4|1.9-3.1|3.8-4.6
HP:0002153 Hyperkalemia|potassium; serum potassium; K|mmol/L|>6.0|6.3-8.2|3.8-4.6
HP:0002901 Hypocalcemia|calcium; serum calcium; corrected calcium|mmol/L|<2.0|1.35-1.92|2.22-2.48
HP:0002901 Hypocalcemia|calcium; serum calcium|mg/dL|<8.0|5.4-7.7|8.9-9.9
HP:0003072 Hypercalcemia|calcium; serum calcium; corrected calcium|mmol/L|>2.75|2.86-3.90|2.22-2.48
HP:0002148 Hypophosphatemia|phosphate; serum phosphate|mmol/L|<0.8|0.32-0.71|1.1-1.4
HP:0002905 Hyperphosphatemia|phosphate; serum phosphate|mmol/L|>2.4|2.6-3.9|1.1-1.4
HP:0002917 Hypomagnesemia|magnesium; serum magnesium|mmol/L|<0.65|0.28-0.58|0.75-0.95
HP:0002149 Hyperuricemia|uric acid; urate|µmol/L|>480|520-920|180-330
HP:0003537 Hypouricemia|uric acid; urate|µmol/L|<120|18-95|180-330
HP:0003124 Hypercholesterolemia|cholesterol; total cholesterol|mmol/L|>5.5|6.6-15.5|3.2-4.6
HP:0003124 Hypercholesterolemia|total cholesterol|mg/dL|>215|256-590|124-178
HP:0003141 Increased LDL cholesterol concentration|LDL; LDL cholesterol|mmol/L|>3.8|4.6-13.0|1.8-2.9
HP:0003233 Decreased HDL cholesterol concentration|HDL; HDL cholesterol|mmol/L|<0.9|0.2-0.8|1.2-1.7
HP:0003146 Hypocholesterolemia|cholesterol; total cholesterol|mmol/L|<2.6|0.7-2.3|3.2-4.6|from 0.5
HP:0002155 Hypertriglyceridemia|triglycerides; TG|mmol/L|>2.3|3.1-19.5|0.6-1.4
HP:0002155 Hypertriglyceridemia|triglycerides|mg/dL|>200|275-1720|55-125
HP:0004315 Decreased circulating IgG concentration|IgG|g/L|<4.0|0.3-3.4|7.5-13.5|from 1
HP:0002720 Decreased circulating IgA concentration|IgA|g/L|<0.2|0.02-0.07|0.8-2.2|from 4
HP:0002850 Decreased circulating total IgM|IgM|g/L|<0.3|0.04-0.21|0.6-1.6|from 1
HP:0003212 Increased circulating IgE concentration|IgE; total IgE|kU/L|>500|740-12500|10-90
HP:0003261 Increased circulating IgA concentration|IgA|g/L|>5.0|5.8-14.5|0.8-2.2
HP:0003237 Increased circulating IgG concentration|IgG|g/L|>18|21-44|7.5-13.5
HP:0011227 Elevated circulating C-reactive protein concentration|CRP; C-reactive protein|mg/L|>10|24-286|1-4
HP:0003565 Elevated erythrocyte sedimentation rate|ESR|mm/h|>30|42-118|3-14
HP:0002925 Elevated circulating thyroid-stimulating hormone concentration|TSH|mU/L|>6|9.2-98.0|0.9-3.4|from 0.1
HP:0031098 Decreased thyroid-stimulating hormone level|TSH|mU/L|<0.3|0.01-0.08|0.9-3.4
HP:0000821 Hypothyroidism|free T4; fT4|pmol/L|<9|3.1-7.6|12-18
HP:0000836 Hyperthyroidism|free T4; fT4|pmol/L|>25|31-68|12-18|from 0.1
HP:0031507 Decreased circulating T4 concentration|free T4; T4 (free)|pmol/L|<9|3.0-7.4|12-18
HP:0008163 Decreased circulating cortisol level|morning cortisol; 8 am cortisol|nmol/L|<140|18-96|280-480|from 1
HP:0003118 Increased circulating cortisol level|midnight cortisol|nmol/L|>200|310-860|40-120|from 1
HP:0003154 Increased circulating ACTH level|ACTH|pg/mL|>70|140-1350|15-45
HP:0003165 Elevated circulating parathyroid hormone level|PTH|pg/mL|>75|110-680|18-55
HP:0008232 Elevated circulating follicle stimulating hormone level|FSH|IU/L|>30|38-112|2.5-8.0|from 11
HP:0011969 Elevated circulating luteinizing hormone level|LH|IU/L|>20|24-68|2-8|from 11
HP:0000870 Increased circulating prolactin concentration|prolactin|mU/L|>600|820-6400|120-380
HP:0040171 Decreased serum testosterone concentration|testosterone|nmol/L|<8|0.4-5.6|12-24|from 17 male
HP:0000842 Hyperinsulinemia|fasting insulin|pmol/L|>170|210-940|25-90
HP:0003259 Elevated circulating creatinine concentration|creatinine; serum creatinine|µmol/L|>120|165-890|35-80
HP:0003259 Elevated circulating creatinine concentration|serum creatinine|mg/dL|>1.4|1.9-9.8|0.4-0.9
HP:0000083 Renal insufficiency|creatinine; serum creatinine|µmol/L|>120|170-720|35-80
HP:0000083 Renal insufficiency|eGFR; GFR|mL/min/1.73 m2|<60|16-52|92-124|from 2
HP:0012213 Decreased glomerular filtration rate|eGFR; GFR|mL/min/1.73 m2|<60|16-52|92-124|from 2
HP:0003774 Stage 5 chronic kidney disease|eGFR|mL/min/1.73 m2|<15|4-13|92-124|from 2
HP:0003138 Increased blood urea nitrogen|urea; blood urea|mmol/L|>8|12-46|3-6
HP:0000093 Proteinuria|urine protein/creatinine ratio; urine PCR|mg/mmol|>20|65-980|4-14|from 2
HP:0000093 Proteinuria|urinary protein; 24 h urine protein|g/day|>0.3|0.8-4.9|0.05-0.12|from 2
HP:0000100 Nephrotic syndrome|urinary protein; urine protein loss|g/day|>3.5|4.1-14.8|0.05-0.12|from 16
HP:0012592 Albuminuria|urine albumin/creatinine ratio; urine ACR|mg/mmol|>3.5|12-290|0.4-1.6|from 2
HP:0002150 Hypercalciuria|urine calcium/creatinine ratio|mmol/mmol|>0.7|0.9-2.6|0.1-0.4|from 2
HP:0100512 Decreased circulating vitamin D concentration|25-OH vitamin D; vitamin D|nmol/L|<30|8-26|60-110
HP:0100502 Decreased circulating vitamin B12 concentration|vitamin B12; B12|pmol/L|<140|32-116|240-480
HP:0010837 Decreased circulating ceruloplasmin concentration|ceruloplasmin|g/L|<0.2|0.02-0.14|0.24-0.40|from 1
HP:0010836 Abnormal circulating copper concentration|serum copper|µmol/L|<11|1.8-7.5|13-20|from 1
HP:0003452 Increased circulating iron concentration|serum iron; iron|µmol/L|>32|36-58|12-24
HP:0012463 Elevated transferrin saturation|transferrin saturation|%|>50|61-98|20-38
HP:0006254 Elevated circulating alpha-fetoprotein concentration|AFP; alpha-fetoprotein|ng/mL|>20|38-680|1-7|from 1
HP:0002160 Hyperhomocystinemia|homocysteine; plasma homocysteine; total homocysteine|µmol/L|>20|46-290|6-11
HP:0004923 Hyperphenylalaninemia|phenylalanine; plasma phenylalanine|µmol/L|>120|240-2300|45-85
HP:0003231 Hypertyrosinemia|tyrosine; plasma tyrosine|µmol/L|>200|310-1350|40-90
HP:0008344 Elevated circulating branched chain amino acid concentration|leucine|µmol/L|>250|420-2900|80-150
HP:0003542 Increased circulating pyruvate concentration|pyruvate|µmol/L|>120|150-340|40-90
HP:0003234 Decreased circulating carnitine concentration|free carnitine; carnitine|µmol/L|<20|2.5-14.0|30-52
HP:0002922 Increased CSF protein concentration|CSF protein|g/L|>0.6|0.8-3.4|0.15-0.38|from 1
HP:0012229 CSF pleocytosis|CSF white cells|/µL|>10|18-240|0-3|from 0.2
HP:0008151 Prolonged prothrombin time|PT; prothrombin time|s|>15|18-44|11-13|from 0.5
HP:0003645 Prolonged partial thromboplastin time|APTT; aPTT; PTT|s|>42|49-112|27-35|from 0.5
HP:0011900 Hypofibrinogenemia|fibrinogen|g/L|<1.5|0.3-1.2|2.2-3.6
HP:0001249 Intellectual disability|IQ; full-scale IQ; IQ on testing|-|<70|38-67|95-108|from 5
HP:0001256 Intellectual disability, mild|IQ; full-scale IQ; IQ on WISC|-|<70|52-68|95-108|from 5
HP:0002342 Intellectual disability, moderate|IQ; full-scale IQ|-|<50|36-48|95-108|from 5
HP:0010864 Intellectual disability, severe|IQ; estimated IQ|-|<35|21-33|95-108|from 5
HP:0002187 Intellectual disability, profound|IQ; estimated IQ|-|<20|9-18|95-108|from 5
HP:0001945 Fever|temperature; temp; T|°C|>38.0|38.4-40.6|36.4-37.1
HP:0002045 Hypothermia|temperature; temp|°C|<35.0|31.8-34.6|36.4-37.1
HP:0001662 Bradycardia|heart rate; HR; pulse|/min|<50|31-46|66-84|from 16
HP:0001649 Tachycardia|heart rate; HR; pulse|/min|>110|118-176|66-84|from 12
HP:0002789 Tachypnea|respiratory rate; RR|/min|>40|46-78|18-24|from 1
HP:0012418 Hypoxemia|SpO2; oxygen saturation; sats|%|<92|68-89|96-99
HP:0001657 Prolonged QT interval|QTc; QTc interval|ms|>460|482-610|400-436
HP:0001635 Congestive heart failure|NT-proBNP|pg/mL|>1000|1900-28000|40-120
HP:0012664 Reduced left ventricular ejection fraction|LVEF; ejection fraction; EF|%|<50|18-44|58-66
HP:0001644 Dilated cardiomyopathy|LVEF; ejection fraction|%|<50|16-38|58-66
HP:0001712 Left ventricular hypertrophy|septal thickness; interventricular septum|mm|>13|15-27|7-10|from 16
HP:0002616 Aortic root aneurysm|aortic root Z-score; Z-score of the aortic root|-|>2.0|2.8-7.4|-0.8-1.1
HP:0002092 Pulmonary arterial hypertension|mean PAP; mean pulmonary artery pressure|mmHg|>25|34-72|12-18
HP:0002650 Scoliosis|Cobb angle|°|>10|16-78|1-6
HP:0002808 Kyphosis|kyphosis angle; Cobb angle of the kyphosis|°|>50|58-92|25-40
HP:0000939 Osteoporosis|T-score; lumbar spine T-score; DXA T-score|-|<-2.5|-4.8--2.7|-0.6-0.8|from 18
HP:0000938 Osteopenia|T-score; DXA T-score|-|<-1.0|-2.4--1.3|-0.6-0.8|from 18
HP:0000545 Myopia|refraction; refractive error|dioptres|<-0.75|-5.5--1.5|-0.2-0.2|from 3
HP:0011003 High myopia|refraction; refractive error|dioptres|<-6.0|-19.0--6.5|-0.2-0.2|from 3
HP:0000540 Hypermetropia|refraction|dioptres|>2.0|3.0-8.5|-0.2-0.2|from 3
HP:0000501 Glaucoma|IOP; intraocular pressure|mmHg|>21|26-52|12-17
HP:0000365 Hearing impairment|hearing threshold; pure tone average; mean threshold|dB HL|>25|42-96|5-15|from 3
HP:0000407 Sensorineural hearing impairment|bone conduction threshold; BERA threshold|dB|>30|45-95|10-20
HP:0010535 Sleep apnea|AHI; apnoea-hypopnoea index|/h|>5|12-72|0-2|from 13
HP:0001382 Joint hypermobility|Beighton score|/9|>4|6-9|0-2
HP:0001561 Polyhydramnios|AFI; amniotic fluid index|cm|>25|27-41|10-18
HP:0001562 Oligohydramnios|AFI; amniotic fluid index|cm|<5|1-4|10-18
HP:0003431 Decreased motor nerve conduction velocity|median motor NCV; motor NCV|m/s|<45|8-36|50-60|from 4
HP:0001640 Cardiomegaly|cardiothoracic ratio; CTR|-|>0.55|0.59-0.78|0.42-0.48|from 1
HP:0001513 Obesity|BMI|kg/m2|>30|32-51|20-24|from 18
HP:0001622 Premature birth|gestational age at birth; gestation|weeks|<37|25-35|38-41
HP:0001518 Small for gestational age|birth weight at 39 weeks; birth weight at term|g|<2600|1620-2440|3100-3700
HP:0001520 Large for gestational age|birth weight at 39 weeks; birth weight at term|g|>4200|4350-5400|3100-3700
HP:0012736 Profound global developmental delay|developmental quotient; DQ|-|<25|8-22|95-108
HP:0011344 Severe global developmental delay|developmental quotient; DQ|-|<40|24-36|95-108
HP:0011342 Mild global developmental delay|developmental quotient; DQ|-|<75|60-72|95-108
HP:0001263 Global developmental delay|developmental quotient; DQ; Bayley score|-|<70|35-66|95-108
HP:0100785 Insomnia|sleep a night|hours|<5|2-4|7-8|from 12
"""
