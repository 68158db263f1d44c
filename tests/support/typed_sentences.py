"""What people type, and the reading that is meant: role, sentence, intent, what it is about, first and last day.

Read on Saturday 28 November 2026. `?` is a sentence that is to be asked back about.
"""

from dataclasses import dataclass
from datetime import date

TODAY = date(2026, 11, 28)
# The demo's, which people call by less than their whole names.
HOMES = (
    ("Kvarnhumla Behandling AB", "Kvarnhumla Norra"),
    ("Kvarnhumla Behandling AB", "Kvarnhumla Södra"),
    ("Silverlingon Omsorg AB", "Silverlingon Strand"),
    ("Stiftelsen Mossviksro", "Mossviksro"),
    ("Vikåsa kommun", "Hamnplan"),
    ("Vintertorpsgruppen AB", "Vintertorp"),
    ("Nattlyktans Jourhem AB", "Nattlyktan"),
    ("S:t Olofs Omsorg", "Olofsro"),
)
IN_SHORT = {
    "Kvarnhumla": "Kvarnhumla Behandling AB",
    "Silverlingon": "Silverlingon Omsorg AB",
}
NAMES = {
    "person": ("Bilal Haddad", "Bilal", "Anna Ek", "Anna"),
    "child": ("AKT-24-0101", "räven"),
}

# Written on 28 November 2026 before there was a grammar, and not changed since.
BEFORE_THE_GRAMMAR = """
m | Hej, hur går det för Vintertorp? | provider | Vintertorp
m | kan du visa Kvarnhumla tack | provider | Kvarnhumla
m | berätta om Hamnplan | provider | Hamnplan
m | visa mig läget | status
m | hur är läget just nu? | status
m | hur såg det ut i september | status | | 2026-09-01 2026-09-30
m | läget i augusti 2025 | status | | 2025-08-01 2025-08-31
m | hur många klagomål har vi fått i år? | signal_count | complaint | 2026-01-01 2026-11-28
m | antal avvikelser förra månaden | signal_count | deviation | 2026-10-01 2026-10-31
m | hur många avvikelser var det 2025 | signal_count | deviation | 2025-01-01 2025-12-31
m | vilka har inte svarat än? | unanswered
m | vem är det som inte har svarat | unanswered
m | kan du påminna Anna | remind_worker | Anna
m | skicka en påminnelse till Bilal | remind_worker | Bilal
m | vilka avtal går ut snart | ending_contracts
m | har vi några avtal som löper ut | ending_contracts
m | vilka barn saknar besök | missed_visits
m | vilken utförare är sämst | no_ranking
m | topplista över utförare | no_ranking
m | hur hög är svarsfrekvensen | response_rate
m | vilka enheter är röda | red_units
m | vad har hänt sedan sist | changes
m | hur många barn har vi placerade | placement_count
q | visa mina larm | own_alerts
q | finns det några larm? | alerts
q | vilka larm är försenade | late_alerts
q | visa signal A-129 | show_signal | A-129
q | varför är Mossviksro gul? | evidence | Mossviksro
q | vilka åtgärder är sena | late_actions
q | vill se urvalet | selection
q | vad betyder gränsen för röd | threshold
w | vad har jag kvar att göra? | my_tasks
w | vilka barn har jag kvar | my_tasks
w | jag vill rätta mitt svar | correct
w | jag ska vara ledig på fredag | leave
w | jag vill anmäla en avvikelse | signal_form | deviation
w | när är sista dagen att svara | last_day
w | tack så mycket! | thanks
w | god morgon | greeting
w | what do I have left? | my_tasks
"""

# Written on 28 November 2026, the second forty, by somebody who had not seen the grammar's words; not changed since.
UNSEEN = """
w | hur många har jag inte rapporterat än | my_tasks
w | har jag skickat in för räven | own_child | räven
w | vem svarar när jag är på semester | stand_ins
w | jag jobbar inte nästa vecka | leave
w | kan jag ändra det jag skrev igår | correct
w | pojken på Mossviksro har rymt | signal_form | Mossviksro
w | sista dag för november? | last_day | | 2026-11-01 2026-11-28
w | kan vi ta det här senare | snooze
w | vad händer om jag inte svarar | ?
w | mina barn | my_tasks
w | är Hamnplan bra | provider | Hamnplan
w | visa mina svar från augusti | own_answers | | 2026-08-01 2026-08-31
q | vilka larm är inte tagna | alerts
q | vad gör jag först | my_desk
q | hur ligger Nattlyktan till | provider | Nattlyktan
q | signaler som gäller hot den senaste månaden | signals
q | visa avvikelserna på Kvarnhumla i oktober | signals | Kvarnhumla | 2026-10-01 2026-10-31
q | när är nästa uppföljning | follow_ups
q | vilka åtgärder väntar vi på | actions
q | urvalet för 2027 | selection | | 2027-01-01 2027-12-31
q | hur räknas risktalet | explain
q | vilka enheter har blivit sämre | changes
m | hur många klagomål fick vi i september | signal_count | complaint | 2026-09-01 2026-09-30
m | avvikelser per boende hittills i år | signals_by | deviation | 2026-01-01 2026-11-28
m | har det blivit fler avvikelser än i fjol | signal_count | deviation
m | hur stor andel svarade i augusti | response_rate | | 2026-08-01 2026-08-31
m | vilka socialsekreterare ligger efter | unanswered
m | vilka kontrakt går ut före sommaren | ending_contracts
m | hur många placerade finns på Silverlingon | placement_count | Silverlingon
m | hur såg det ut i somras | status | | 2026-06-01 2026-08-31
m | är något boende rött just nu | red_units
m | kan jag få siffrorna i excel | as_file
m | antal besök i oktober | visit_count | | 2026-10-01 2026-10-31
m | Anna slutar, vem tar hennes barn | hand_over | Anna
m | vilket boende är sämst | no_ranking
m | byt till svenska | language | swedish
m | hjälp mig | help
m | stäng av meddelanden på fredagar | settings
m | ok | thanks
m | vad kostar Hamnplan | ?
"""

# Written on 28 November 2026 in the evening, as a manager types, before looking at the words that there were.
# What has no answer here is to be asked back about.
BEFORE_LOOKING = """
m | hur ligger vi till med rapporterna i november? | response_rate | | 2026-11-01 2026-11-28
m | är alla rapporter inne | response_rate
m | vilka utförare har flest klagomål | no_ranking | complaint
m | vad händer på Mossviksro | provider | Mossviksro
m | har Hamnplan några öppna larm? | alerts | Hamnplan
m | hur många barn har vi placerade på HVB | placement_count
m | hur många orosanmälningar har kommit in i höst | ?
m | antal avvikelser senaste kvartalet | signal_count | deviation | 2026-07-01 2026-09-30
m | klagomål första halvåret jämfört med förra året | signal_count | complaint | 2026-01-01 2026-06-30
m | vilka placeringar saknar handläggare | ownerless
m | kan du skicka en påminnelse till Bilal | remind_worker | Bilal
m | vem ligger efter med sina rapporter | unanswered
m | när kommer årets rapport | ?
m | hur många lex sarah har vi haft i år | ?
m | när går avtalet med Silverlingon ut | provider | Silverlingon
m | visa siffrorna för september | status | | 2026-09-01 2026-09-30
m | vilka barn saknar genomförandeplan | missing_plans
m | har det blivit bättre sedan i våras | ?
m | hur stor andel har svarat i mitt team | response_rate
m | vilka enheter har blivit röda den senaste veckan | changes
m | hur många omplaceringar har skett 2026 | replacement_count | | 2026-01-01 2026-11-28
m | hur många unga över 18 har vi | child_count
m | jag vill flytta över Annas barn till Bilal | hand_over | Anna
m | finns det några försenade omprövningar | late_clocks
m | hur många signaler kom det in förra månaden | signal_count | | 2026-10-01 2026-10-31
"""

FROM_QUESTIONS = """
m | kvarnhumla | provider | Kvarnhumla
m | Kvarnhumla Norra? | provider | Kvarnhumla Norra
m | hur går det för kvarnhumla | provider | Kvarnhumla
m | hur ser det ut på Silverlingon | provider | Silverlingon
m | är det något med Vintertorp | provider | Vintertorp
m | hur många avvikelser i år | signal_count | deviation | 2026-01-01 2026-11-28
m | antal klagomål förra året | signal_count | complaint | 2025-01-01 2025-12-31
m | klagomål per utförare 2026 | signals_by | complaint | 2026-01-01 2026-11-28
m | jämfört med förra året | compared | | 2025-01-01 2025-12-31
m | svarsfrekvens oktober | response_rate | | 2026-10-01 2026-10-31
m | hur många har svarat | response_rate
m | vem har inte svarat | unanswered
m | vilka barn har inte fått besök | missed_visits
m | besök som saknas | missed_visits
m | överväganden som är sena | late_clocks
m | avtal som går ut | ending_contracts
m | vilka avtal löper ut i vår | ending_contracts | | 2027-03-01 2027-05-31
m | läge oktober | status | | 2026-10-01 2026-10-31
m | läge förra månaden | status | | 2026-10-01 2026-10-31
m | röda enheter | red_units
m | vad är nytt | changes
m | påminn Bilal | remind_worker | Bilal
m | lämna över Bilals placeringar till Anna | hand_over | Bilal
m | hur många placeringar har vi | placement_count
m | hur många barn under 16 | child_count
m | vilken utförare är bäst | no_ranking
m | skicka som excel | as_file
q | vad ska jag göra idag | my_desk
q | mina larm | own_alerts
q | sena larm | late_alerts
q | larm för Silverlingon | alerts | Silverlingon
q | nya signaler | signals
q | signaler om våld | signals | violence
q | signal A-129 | show_signal | A-129
q | varför är Kvarnhumla Norra röd | evidence | Kvarnhumla Norra
q | underlag Mossviksro | evidence | Mossviksro
q | när ska urvalet göras | selection
q | när följde vi upp Hamnplan senast | last_follow_up | Hamnplan
q | åtgärder som är försenade | late_actions
q | sänk gränsen för gul | threshold
q | rapport | report
q | hur många omplaceringar på grund av kvalitet | replacement_count
w | vad har jag kvar | my_tasks
w | hur många är kvar | my_tasks
w | räven | own_child | räven
w | AKT-24-0101 | own_child | AKT-24-0101
w | vad svarade jag i september | own_answers | | 2026-09-01 2026-09-30
w | vad svarade jag om räven | own_answers | räven
w | jag skrev fel på räven | correct | räven
w | ångra | correct
w | påminn mig om två veckor | snooze
w | påminn mig nästa fredag | snooze
w | jag är ledig nästa vecka | leave
w | jag är sjuk | leave
w | ett barn har blivit slaget | signal_form | violence
w | klagomål på Mossviksro | signal_form | complaint
w | vad betyder intygande | explain
w | när ska jag svara senast | last_day
w | vem är min ersättare | stand_ins
w | utförare Hamnplan | provider | Hamnplan
w | english please | language | english
w | vad kan du göra | help
w | tack | thanks
w | asdf | ?
w | hur mår du | greeting
"""

MORE = """
m | hur många avvikelser på Vintertorp i år | signal_count | Vintertorp | 2026-01-01 2026-11-28
m | svarsfrekvens per team | rate_by_team
m | svarsfrekvens per team i oktober | rate_by_team | | 2026-10-01 2026-10-31
m | how many have answered per team | rate_by_team
m | obesvarade per team | rate_by_team
m | vilka har inte svarat per team | rate_by_team
m | svarsfrekvens per utförare i oktober | rate_by | | 2026-10-01 2026-10-31
m | hur många besök per enhet i oktober | visit_count | | 2026-10-01 2026-10-31
m | avvikelser per enhet i september jämfört med augusti | signals_by | deviation | 2026-09-01 2026-09-30
m | Hur går det för KVARNHUMLA?! | provider | Kvarnhumla
m | "Vintertorp" | provider | Vintertorp
m | »Kvarnhumla Norra« | provider | Kvarnhumla Norra
m | Vintertorp. | provider | Vintertorp
m | hur mår Silverlingon | provider | Silverlingon
m | hur ligger Mossviksro till | provider | Mossviksro
m | visa utföraren Silverlingon | provider | Silverlingon
m | how is Silverlingon doing | provider | Silverlingon
m | enheten Hamnplan | provider | Hamnplan
m | något nytt om Hamnplan? | provider | Hamnplan
m | hur gar det for Kvarnhumla | provider | Kvarnhumla
m | läge | status
m | Läge! | status
m | läget nu | status
m | status | status
m | how are things | status
m | läge i oktober 2025 | status | | 2025-10-01 2025-10-31
m | läge december | status | | 2025-12-01 2025-12-31
m | läget i år | status | | 2026-01-01 2026-11-28
m | läge förra året | status | | 2025-01-01 2025-12-31
m | status last month | status | | 2026-10-01 2026-10-31
m | läget den här månaden | status | | 2026-11-01 2026-11-28
m | hur många klagomål | signal_count | complaint
m | antal synpunkter 2026 | signal_count | suggestion | 2026-01-01 2026-11-28
m | hur många avvikelser har kommit in i november | signal_count | deviation | 2026-11-01 2026-11-28
m | hur många signaler förra året | signal_count | | 2025-01-01 2025-12-31
m | how many complaints this year | signal_count | complaint | 2026-01-01 2026-11-28
m | avvikelser i år | signal_count | deviation | 2026-01-01 2026-11-28
m | antal avvikelser i år jämfört med förra året | signal_count | deviation | 2026-01-01 2026-11-28
m | avvikelser per utförare i år | signals_by | deviation | 2026-01-01 2026-11-28
m | antal klagomål per utförare | signals_by | complaint
m | och jämfört med förra året? | compared | | 2025-01-01 2025-12-31
m | jämfört med förra månaden | compared | | 2026-10-01 2026-10-31
m | svarsfrekvens | response_rate
m | svarsfrekvensen förra månaden | response_rate | | 2026-10-01 2026-10-31
m | hur många har svarat i oktober | response_rate | | 2026-10-01 2026-10-31
m | response rate | response_rate
m | obesvarade | unanswered
m | vilka har inte svarat | unanswered
m | vilka saknar svar | unanswered
m | vem har inte lämnat in | unanswered
m | who has not answered | unanswered
m | vilka har inte fått besök | missed_visits
m | vem har inte fått besök | missed_visits
q | larm för Mossviksro och Hamnplan | alerts | Mossviksro
q | alerts for Mossviksro and Hamnplan | alerts | Mossviksro
q | signaler för Mossviksro och Hamnplan | signals | Mossviksro Hamnplan
m | hur går det för Vintertorp och Kvarnhumla | ?
m | how is Vintertorp and Kvarnhumla | ?
m | hur går det för Kvarnhumla Norra hos Kvarnhumla | provider | Kvarnhumla Norra
m | how is Kvarnhumla's Kvarnhumla Norra | provider | Kvarnhumla Norra
q | signaler för Hamnplan hos Vikåsa kommun | signals | Hamnplan
q | larm för Hamnplan hos Vikåsa kommun | alerts | Hamnplan
m | hur går det för S | ?
m | vilka hem har inte fått besök | missed_visits
m | who has had no visit | missed_visits
m | which homes have had no visit | missed_visits
m | who has not had a visit? | missed_visits
m | missade besök | missed_visits
m | barn utan besök | missed_visits
m | vilka besök är sena | missed_visits
m | försenade överväganden | late_clocks
m | sena frister | late_clocks
m | vilka omprövningar är försenade | late_clocks
m | avtal som snart går ut | ending_contracts
m | vilka avtal upphör | ending_contracts
m | contracts that end | ending_contracts
m | gula enheter | red_units
m | vilka enheter är gula | red_units
m | red units | red_units
m | vad är nytt? | changes
m | har något ändrats | changes
m | what is new | changes
m | påminn Anna | remind_worker | Anna
m | påminn Bilal Haddad, tack | remind_worker | Bilal Haddad
m | påminn "Bilal" | remind_worker | Bilal
m | remind Anna please | remind_worker | Anna
m | antal placeringar | placement_count
m | vilka placeringar saknar ansvarig | ownerless
m | barn utan handläggare | ownerless
m | hur många rapporter saknas | unanswered
m | vilka rapporter är inte inne | unanswered
m | vem ligger efter | ?
m | hur många rapporter har kommit in i oktober | response_rate | | 2026-10-01 2026-10-31
m | hur ligger vi till med rapporterna | response_rate
m | vilken enhet har minst avvikelser | no_ranking | deviation
m | vilka boenden har flest signaler i år | no_ranking | | 2026-01-01 2026-11-28
m | avvikelser andra kvartalet | signal_count | deviation | 2026-04-01 2026-06-30
m | antal klagomål kvartal 1 2026 | signal_count | complaint | 2026-01-01 2026-03-31
m | hur många signaler senaste tolv månaderna | signal_count | | 2025-12-01 2026-11-28
m | avvikelser det här kvartalet | signal_count | deviation | 2026-10-01 2026-11-28
m | antal besök förra veckan | visit_count | | 2026-11-16 2026-11-22
m | antal avvikelser senaste veckan | signal_count | deviation | 2026-11-22 2026-11-28
m | antal avvikelser den här veckan | signal_count | deviation | 2026-11-23 2026-11-28
m | avvikelser andra halvåret 2025 | signal_count | deviation | 2025-07-01 2025-12-31
m | avtalet med Silverlingon | provider | Silverlingon
m | vad händer | status
m | siffrorna för förra året | status | | 2025-01-01 2025-12-31
m | hur många barn är äldre än 17 | child_count
q | mina sena larm | late_alerts
q | mina åtgärder | actions
q | mina försenade åtgärder | late_actions
q | försenade uppföljningar | follow_ups
m | hur många placerade barn | placement_count
m | vilken är den bästa utföraren | no_ranking
m | rangordna utförarna | no_ranking
m | who is the best provider | no_ranking
m | exportera till excel | as_file
q | skicka siffrorna som excel | as_file
m | hej | greeting
m | hej! | greeting
m | hello | greeting
m | tusen tack | thanks
m | thank you | thanks
m | hjälp | help
m | kan du hjälpa mig | help
m | vad kan jag fråga om | help
m | what can you do | help
m | byt språk till engelska | language | english
m | ändra mina inställningar | settings
w | byta språk | language
m | ekonomi och budget | ?
m | vad blir det för mat | ?
m | bilal är bra | ?
m | hur går det för Okändagården | ?
q | larm | alerts
q | öppna larm | alerts
q | alla larm | alerts
q | open alerts | alerts
q | larm på Hamnplan | alerts | Hamnplan
q | försenade larm | late_alerts
q | vilka larm har jag | own_alerts
q | signaler | signals
q | visa nya signaler | signals
q | signalerna | signals
q | A-129 | show_signal | A-129
q | avvikelse 129 | show_signal | 129
q | underlaget för Hamnplan | evidence | Hamnplan
q | varför är Hamnplan grön | evidence | Hamnplan
q | urval | selection
q | när är urvalet | selection
q | senaste uppföljningen på Mossviksro | last_follow_up | Mossviksro
q | uppföljningar | follow_ups
q | visa uppföljningarna | follow_ups
q | åtgärder | actions
q | visa alla åtgärder | actions
q | tröskel | threshold
q | ändra gränserna | threshold
q | höj tröskeln | threshold
q | rapport 2025 | report | | 2025-01-01 2025-12-31
q | årsrapporten | report
q | vad ska jag göra | my_desk
q | att göra | my_desk
q | hur går det för Vintertorp | provider | Vintertorp
q | läge oktober | status | | 2026-10-01 2026-10-31
w | mina | my_tasks
w | vad är kvar | my_tasks
w | visa mina barn | my_tasks
w | min lista | my_tasks
w | vad ska jag göra | my_tasks
w | my tasks | my_tasks
w | rätta | correct
w | jag har svarat fel | correct
w | jag råkade skriva fel | correct
w | påminn mig i morgon | snooze
w | påminn mig senare | snooze
w | remind me tomorrow | snooze
w | jag är ledig | leave
w | jag ska ha semester | leave
w | vem ersätter mig | stand_ins
w | i am on leave | leave
w | avvikelse | signal_form | deviation
w | jag vill göra en anmälan | signal_form
w | signal | signal_form
w | klagomål | signal_form | complaint
w | när ska jag svara | last_day
w | sista dag att svara | last_day
w | hur går det för Hamnplan | provider | Hamnplan
w | frister | clocks
w | mina frister | clocks
w | vad menas med intygande | explain
w | vem vikarierar för mig när jag är ledig | stand_ins
w | vem svarar för mina barn när jag är ledig | stand_ins
w | who stands in for me | stand_ins
m | svarsfrekvens per team i år | rate_by_team | | 2026-01-01 2026-11-28
m | hur många har svarat per team första halvåret | rate_by_team | | 2026-01-01 2026-06-30
m | obesvarade per team kvartal 3 | rate_by_team | | 2026-07-01 2026-09-30
w | svara när jag är ledig | leave
m | vem är ersättare för Bilal | stand_ins | Bilal
m | vem ersätter Anna Ek när hon är ledig | stand_ins | Anna Ek
m | vem tar över Bilals placeringar | stand_ins | Bilal
m | hur många barn är under 16 | child_count
m | klagomål på Mossviksro | signal_count | Mossviksro
m | avvikelser | signal_count | deviation
m | signaler i år | signal_count | | 2026-01-01 2026-11-28
m | omplaceringar i år jämfört med förra året | replacement_count | | 2026-01-01 2026-11-28
q | larm utan ansvarig | alerts
q | vilka signaler är försenade | signals
q | nya klagomål | signals | complaint
q | klagomål 2025 | signal_count | complaint | 2025-01-01 2025-12-31
"""

# Each word for a time that figures may be asked about, in either language, as said on TODAY: a time that has not begun
# is asked back about.
TIMES = """
i år | 2026-01-01 2026-11-28
hittills i år | 2026-01-01 2026-11-28
under året | 2026-01-01 2026-11-28
sedan årsskiftet | 2026-01-01 2026-11-28
this year so far | 2026-01-01 2026-11-28
year to date | 2026-01-01 2026-11-28
förra året | 2025-01-01 2025-12-31
under 2025 | 2025-01-01 2025-12-31
hela 2025 | 2025-01-01 2025-12-31
the previous year | 2025-01-01 2025-12-31
förrförra året | 2024-01-01 2024-12-31
the year before last | 2024-01-01 2024-12-31
det gångna året | 2025-12-01 2026-11-28
det här halvåret | 2026-07-01 2026-11-28
under innevarande halvår | 2026-07-01 2026-11-28
this half-year | 2026-07-01 2026-11-28
förra halvåret | 2026-01-01 2026-06-30
under föregående halvår | 2026-01-01 2026-06-30
last half year | 2026-01-01 2026-06-30
the previous half-year | 2026-01-01 2026-06-30
det senaste halvåret | 2026-06-01 2026-11-28
de senaste sex månaderna | 2026-06-01 2026-11-28
the past six months | 2026-06-01 2026-11-28
halvår 1 | 2026-01-01 2026-06-30
andra halvan av året | 2026-07-01 2026-11-28
första halvåret i fjol | 2025-01-01 2025-06-30
first half of last year | 2025-01-01 2025-06-30
det här kvartalet | 2026-10-01 2026-11-28
förra kvartalet | 2026-07-01 2026-09-30
the previous quarter | 2026-07-01 2026-09-30
de senaste tre månaderna | 2026-09-01 2026-11-28
first quarter of 2025 | 2025-01-01 2025-03-31
fjärde kvartalet förra året | 2025-10-01 2025-12-31
i oktober förra året | 2025-10-01 2025-10-31
förra månaden | 2026-10-01 2026-10-31
den senaste månaden | 2026-10-30 2026-11-28
the last 30 days | 2026-10-30 2026-11-28
i vintras | 2025-12-01 2026-02-28
i våras | 2026-03-01 2026-05-31
vecka 45 | 2026-11-02 2026-11-08
v45 | 2026-11-02 2026-11-08
week 50 | 2025-12-08 2025-12-14
vecka 1 2025 | 2024-12-30 2025-01-05
vecka 53 2020 | 2020-12-28 2021-01-03
vecka 53 |
vecka 53 2025 |
vecka 0 |
nästa halvår |
next quarter |
nästa år |
vintern 2025 |
"""


@dataclass(frozen=True)
class Typed:
    role: str
    sentence: str
    intent: str
    about: str = ""
    period: tuple[date, date] | None = None


def _typed(line: str) -> Typed:
    role, sentence, intent, about, days = ([one.strip() for one in line.split("|")] + ["", ""])[:5]
    first, last = days.split() if days else ("", "")
    period = (date.fromisoformat(first), date.fromisoformat(last)) if days else None
    return Typed({"m": "manager", "q": "quality", "w": "worker"}[role], sentence, intent, about, period)


def block(lines: str) -> list[Typed]:
    return [_typed(line) for line in lines.strip().splitlines()]


EVERY = [
    *block(FROM_QUESTIONS),
    *block(BEFORE_THE_GRAMMAR),
    *block(UNSEEN),
    *block(BEFORE_LOOKING),
    *block(MORE),
]
