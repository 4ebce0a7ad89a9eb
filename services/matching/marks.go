package matching

// mark is one thing that is said of a candidate. Marks are kept in sets, so that judging thousands makes no garbage.
type mark uint8

// Why it is kept.
const (
	nearHome mark = iota
	takesSkills
	training
	appropriation
	speaks
	eases
	readsLittle
	comeThere
	internetThere
	solidarity
	lends
	tablet
	healthCare
	healthRemote
	wheelchair
	hearing
	sight
	cognitive
	itinerant
	noTravel
	pickedUp
	fromHome
	procedures
	ageFits
	forAll
	beforeDeadline
	openBefore
	itsHours
	itsMode
	free
	beginners
	forProgramme
	firstForYounger
	// What is to be checked.
	askHours
	askAccess
	askServices
	askPublic
	askCost
	askMinds
	paid
	assessment
	onList
	otherHours
	otherMode
	otherSkills
	gir
	higherLevel
	farUnknown
	// Why it is not.
	remoteOnly
	notLanguage
	notHealth
	notAccess
	notAge
	notProgramme
	registrationOver
	full
	tooLate
	closedUntil
	tooFar
	cannotTravel
	noPickUp
	noLoan
	notCost
	notSkills
	notService
	notLevel
	noPublic
	already

	marks
)

// set of marks; there are more than 64.
type set [2]uint64

func (s *set) add(m mark)     { s[m>>6] |= 1 << (m & 63) }
func (s *set) drop(m mark)    { s[m>>6] &^= 1 << (m & 63) }
func (s set) has(m mark) bool { return s[m>>6]&(1<<(m&63)) != 0 }
func (s set) empty() bool     { return s == set{} }

// said is the code, the answer and the words of each mark.
var said = [marks]Reason{
	nearHome:         {"near", "person.address", "Près de chez la personne"},
	takesSkills:      {"skills", "needs.skills", "On y apprend ce que la personne veut savoir faire"},
	training:         {"training", "answers.training_need", "Un atelier, puisque la personne a besoin de formation"},
	appropriation:    {"appropriation", "answers.difficulty_reason", "Pour s’approprier les outils du quotidien"},
	speaks:           {"language", "person.language", "On y parle la langue de la personne"},
	eases:            {"language_need", "answers.difficulty_reason", "On y accueille des personnes qui maîtrisent mal le français"},
	readsLittle:      {"reads_little_french", "needs.access", "On y accueille des personnes qui lisent peu le français"},
	comeThere:        {"in_person", "answers.network_coverage", "On y vient\u00a0: il ne faut pas de réseau chez soi"},
	internetThere:    {"internet_there", "answers.network_coverage", "On y trouve internet et du matériel"},
	solidarity:       {"solidarity_equipment", "answers.equipment", "Du matériel à prix solidaire"},
	lends:            {"lends_equipment", "answers.equipment", "On y prête du matériel"},
	tablet:           {"tablet_available", "needs.loan_wanted", "Une tablette peut être prêtée"},
	healthCare:       {"health", "answers.difficulty_reason", "On y accueille des personnes en situation de handicap"},
	healthRemote:     {"health_remote", "answers.difficulty_reason", "L’aide est possible à distance"},
	wheelchair:       {"wheelchair", "needs.access", "Accessible en fauteuil roulant"},
	hearing:          {"hearing", "needs.access", "Accueil des personnes sourdes ou malentendantes"},
	sight:            {"sight", "needs.access", "Accueil des personnes malvoyantes"},
	cognitive:        {"cognitive", "needs.access", "Accueil des personnes qui ont du mal à comprendre"},
	itinerant:        {"itinerant", "answers.help_place", "Se déplace dans les communes"},
	noTravel:         {"no_travel", "answers.help_place", "À distance\u00a0: il ne faut pas se déplacer"},
	pickedUp:         {"pick_up", "needs.travel", "On vient chercher la personne"},
	fromHome:         {"from_home", "needs.travel", "Se suit de chez soi"},
	procedures:       {"procedures", "answers.institution", "Aide aux démarches administratives"},
	ageFits:          {"age", "person.birth_date", "Pour les personnes de cet âge"},
	forAll:           {"all_publics", "person.birth_date", "Ouvert à tous les publics"},
	beforeDeadline:   {"before_deadline", "needs.deadline", "Commence avant la date limite"},
	openBefore:       {"open_before_deadline", "needs.deadline", "Ouvert avant la date limite"},
	itsHours:         {"availability", "needs.availability", "Aux heures où la personne est disponible"},
	itsMode:          {"mode", "needs.modes", "Sous la forme que la personne préfère"},
	free:             {"free", "answers.financial_problem", "Gratuit"},
	beginners:        {"beginner", "answers.difficulty", "Pour débutants"},
	forProgramme:     {"programme", "programme", "Réservé à ce programme"},
	firstForYounger:  {"younger", "person.birth_date", "Sans condition d’âge"},
	askHours:         {"check_hours", "needs.deadline", "Horaires à vérifier"},
	askAccess:        {"check_access", "needs.access", "Accessibilité à vérifier"},
	askServices:      {"check_services", "answers.training_need", "Services à vérifier"},
	askPublic:        {"check_public", "person.birth_date", "Public accueilli à vérifier"},
	askCost:          {"check_cost", "answers.financial_problem", "Prix à vérifier"},
	askMinds:         {"check_language", "needs.access", "À vérifier\u00a0: la personne lit peu le français"},
	paid:             {"paid", "cost", "Payant"},
	assessment:       {"assessment", "session.assessment_required", "Un entretien est demandé avant l’inscription"},
	onList:           {"waiting_list", "session.free", "Complet\u00a0: liste d’attente"},
	otherHours:       {"other_hours", "needs.availability", "En dehors des heures où la personne est disponible"},
	otherMode:        {"other_mode", "needs.modes", "Sous une autre forme que celle que la personne préfère"},
	otherSkills:      {"other_skills", "needs.skills", "N’enseigne pas tout ce que la personne veut savoir faire"},
	gir:              {"gir", "needs.gir", "Prévu pour un autre GIR que celui de la personne"},
	higherLevel:      {"level", "answers.difficulty", "Pas pour débutants"},
	farUnknown:       {"distance_unknown", "person.address", "Distance inconnue"},
	remoteOnly:       {"remote_only", "answers.network_coverage", "Seulement à distance, et la personne n’a pas de réseau"},
	notLanguage:      {"language", "answers.difficulty_reason", "La langue\u00a0: personne n’y accueille qui maîtrise mal le français"},
	notHealth:        {"health", "answers.difficulty_reason", "La santé\u00a0: ni accueil adapté, ni aide à distance"},
	notAccess:        {"access", "needs.access", "L’accessibilité dont la personne a besoin n’y est pas"},
	notAge:           {"age", "person.birth_date", "La personne n’a pas l’âge demandé"},
	notProgramme:     {"programme", "programme", "Réservé à un autre programme"},
	registrationOver: {"registration_closed", "session.registration_closes_at", "Les inscriptions sont closes"},
	full:             {"full", "session.free", "Complet, et la liste d’attente aussi"},
	tooLate:          {"after_deadline", "needs.deadline", "Commence après la date limite"},
	closedUntil:      {"closed_until_deadline", "needs.deadline", "Fermé d’ici à la date limite"},
	tooFar:           {"too_far", "needs.travel", "Trop loin"},
	cannotTravel:     {"travel", "needs.travel", "La personne ne quitte pas son domicile"},
	noPickUp:         {"no_pick_up", "needs.travel", "Personne ne vient chercher les participants"},
	noLoan:           {"no_loan", "needs.loan_wanted", "Pas de prêt de matériel possible"},
	notCost:          {"cost", "answers.financial_problem", "Payant, et la personne manque de moyens"},
	notSkills:        {"skills", "needs.skills", "On n’y apprend rien de ce que la personne veut savoir faire"},
	notService:       {"services", "answers.training_need", "Ne propose pas ce service"},
	notLevel:         {"level", "answers.difficulty", "D’un niveau avancé"},
	noPublic:         {"no_public", "place.access", "N’accueille pas de public"},
	already:          {"already_asked", "referrals", "Déjà demandé pour cette personne"},
}

// reasons are the marks of a set in their order.
func (s set) reasons() (list []Reason) {
	for m := mark(0); m < marks; m++ {
		if s.has(m) {
			list = append(list, said[m])
		}
	}
	return list
}
