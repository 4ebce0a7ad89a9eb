package matching

import "example.org/passerelle/pkg/fold"

// bits is a set of words of a known list.
type bits uint32

// words gives each word of a list its bit. Words are compared as people write them: case, accents and apostrophes vary.
type words map[string]bits

func wordsOf(list ...string) words {
	w := words{}
	for i, word := range list {
		w[fold.Text(word)] = 1 << i
	}
	return w
}

// of is the words of a list; one that nobody knows is none.
func (w words) of(list []string) (b bits) {
	for _, word := range list {
		b |= w[fold.Text(word)]
	}
	return b
}

func (b bits) has(some bits) bool { return b&some != 0 }

var services = wordsOf("Aide aux démarches administratives", "Maîtrise des outils numériques du quotidien", "Insertion professionnelle via le numérique",
	"Utilisation sécurisée du numérique", "Parentalité et éducation avec le numérique", "Loisirs et créations numériques", "Compréhension du monde numérique",
	"Accès internet et matériel informatique", "Acquisition de matériel informatique à prix solidaire")

const (
	helpsWithProcedures bits = 1 << 0
	everydayTools       bits = 1 << 1
	safeUse             bits = 1 << 3
	internetAndDevices  bits = 1 << 7
	solidarityDevices   bits = 1 << 8
)

var care = wordsOf("Surdité", "Handicaps moteurs", "Handicaps mentaux", "Illettrisme", "Langues étrangères (anglais)", "Langues étrangères (autres)", "Déficience visuelle")

const (
	deaf       bits = 1 << 0
	motor      bits = 1 << 1
	mental     bits = 1 << 2
	illiteracy bits = 1 << 3
	english    bits = 1 << 4
	languages  bits = 1 << 5
	poorSight  bits = 1 << 6

	anyLanguage = illiteracy | english | languages
	anyHandicap = deaf | motor | mental | poorSight
)

var publics = wordsOf("Seniors", "Jeunes", "Étudiants", "Familles et/ou enfants", "Femmes")

const seniors bits = 1 << 0

var support = wordsOf("En autonomie", "Accompagnement individuel", "Dans un atelier collectif", "À distance")

const (
	inWorkshop bits = 1 << 2
	atDistance bits = 1 << 3
)

var costs = wordsOf("Gratuit", "Gratuit sous condition", "Payant")

const (
	costsNothing bits = 1 << 0
	costsMaybe   bits = 1 << 1
)

var accesses = wordsOf("Ce lieu n'accueille pas de public", "Se présenter", "Téléphoner", "Contacter par mail", "Prendre un RDV en ligne", "Envoyer un mail avec une fiche de prescription")

const receivesNobody bits = 1 << 0

var skills = wordsOf("internet", "email", "equipment", "office", "procedures", "security")

const (
	everydaySkills  bits = 1<<0 | 1<<1 | 1<<2 | 1<<3
	procedureSkills bits = 1 << 4
	safetySkills    bits = 1 << 5
)

var modes = wordsOf("in_person", "video", "phone", "hybrid", "webinar")

const (
	atPlace  bits = 1<<0 | 1<<3
	distance bits = 1<<1 | 1<<2 | 1<<4
)

var halfDays = wordsOf("sun_am", "mon_am", "tue_am", "wed_am", "thu_am", "fri_am", "sat_am", "sun_pm", "mon_pm", "tue_pm", "wed_pm", "thu_pm", "fri_pm", "sat_pm")
