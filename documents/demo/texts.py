"""The short texts of the demo municipality's reports and signals; no text names anybody."""

CALM_NOTES = (
    "Lugn månad. Trivs på boendet och har kommit igång med fotbollen igen.",
    "Skolan fungerar bättre sedan schemat anpassades.",
    "Har börjat praktik två dagar i veckan och är nöjd med det.",
    "Umgänge med syskon genomfört enligt plan.",
    "Tandläkarbesök bokat. I övrigt inget nytt att rapportera.",
    "Övar på att sköta ekonomin själv, har gjort en budget med kontaktpersonen.",
    "Sover bättre och deltar i de gemensamma måltiderna.",
    "Möte med skolan planeras inför terminsstarten.",
    "Vill gärna stanna kvar. Vi pratade om planen för nästa halvår.",
    "Har fått körkortstillstånd och är stolt över det.",
)
CONCERN_NOTES = (
    "Hög frånvaro i skolan den senaste tiden, möte med rektor är bokat.",
    "Har varit borta från boendet två nätter utan att meddela sig.",
    "Berättar om konflikter med andra på boendet och drar sig undan.",
    "Sömnsvårigheter och nedstämdhet, kontakt tagen med BUP.",
    "Ny umgängeskrets som oroar. Tätare samtal den kommande månaden.",
)
COMPLAINTS_INSTITUTION = (
    "Vårdnadshavaren får ingen återkoppling efter helgerna trots att det är överenskommet.",
    "Tycker att personalen bemöter ungdomarna nedlåtande på kvällarna.",
    "Missnöjd med reglerna om mobiltelefon, upplever att de ändras utan förklaring.",
    "Ny kontaktperson för tredje gången på kort tid.",
    "Trasigt duschrum har inte lagats på sex veckor.",
    "Utlovad läxhjälp har inte blivit av den här månaden.",
    "Journalanteckningen stämmer inte med vad som hände, vill att den rättas.",
    "För få i personalen på helgen, aktiviteter ställs in.",
    "Känner sig inte lyssnad på när genomförandeplanen skrevs.",
    "Maten är enformig och specialkosten glöms bort.",
    "Fick inte följa med på planerad utflykt och vet inte varför.",
    "Missnöjd med behandlaren, samtalen ställs ofta in.",
    "Det är stökigt på avdelningen nattetid och svårt att sova.",
    "Rummet städades ur utan att den unge var med.",
    "God man har inte kallats till uppföljningsmötet.",
    "Fickpengen har betalats ut för sent två månader i rad.",
)
COMPLAINTS_HOME = (
    "Vårdnadshavaren har inte fått besked om ändrad umgängestid.",
    "Barnet säger sig sakna ett eget rum under helgerna.",
    "Konsulenten har inte hört av sig på över en månad.",
    "Skjuts till skolan har uteblivit flera gånger.",
    "Missnöjd med hur familjehemmet tar emot besök från syskon.",
)
DEVIATIONS_INSTITUTION = (
    "Medicin gavs två timmar för sent.",
    "Avvikit under kvällen, återkom själv nästa förmiddag.",
    "Bråk mellan två ungdomar, personalen gick emellan.",
    "Brandlarm utlöst, utrymningen tog för lång tid.",
    "Personal ensam på passet trots krav på dubbelbemanning.",
    "Nyckel till läkemedelsskåpet saknades under ett dygn.",
    "Anteckningar om en annan ungdom låg framme i köket.",
    "Misstänkt narkotika hittad i gemensamt utrymme.",
    "Nattpersonal sov vid tillsyn.",
    "Polisen hämtade efter en händelse på stan, vårdnadshavaren informerades sent.",
)
DEVIATIONS_HOME = (
    "Läkarbesök missades, ny tid är bokad.",
    "Barnet lämnades ensamt en kväll utan att konsulenten visste om det.",
    "Skolfrånvaro rapporterades inte i tid.",
    "Umgänge ställdes in med kort varsel.",
)
PRAISE = (
    "Vårdnadshavaren är mycket nöjd med hur boendet håller kontakten.",
    "Den unge vill tacka sin kontaktperson för hjälpen med studierna.",
    "God man berömmer det lugna bemötandet vid senaste mötet.",
    "Skolan berättar att samarbetet med boendet fungerar utmärkt.",
    "Tryggt och hemtrevligt, säger den unge själv.",
)
CRITICISM = (
    "Önskar fler aktiviteter på helgerna.",
    "Informationen inför inflyttningen kunde ha varit tydligare.",
    "Svårt att nå boendet per telefon på dagtid.",
    "Önskar att mötena läggs på tider som fungerar med skolan.",
)
COMPLAINT_ACTIONS = (
    "Tagits upp med föreståndaren, svar inom två veckor.",
    "Samtal med den unge och kontaktpersonen.",
    "Boendet har ändrat rutinen.",
    "Följs upp vid nästa besök.",
    "",
)
DEVIATION_ACTIONS = (
    "Rutinen gicks igenom med hela personalgruppen.",
    "Händelsen utredd av utföraren, åtgärder redovisade.",
    "Extra bemanning under två veckor.",
    "Samtal med den unge samma dag.",
)
