package mediation

import "example.org/passerelle/pkg/fold"

// The words of the schema, by column.
var (
	Roaming  = []string{"Itinérant", "Fixe"}
	Services = []string{
		"Aide aux démarches administratives", "Maîtrise des outils numériques du quotidien", "Insertion professionnelle via le numérique",
		"Utilisation sécurisée du numérique", "Parentalité et éducation avec le numérique", "Loisirs et créations numériques",
		"Compréhension du monde numérique", "Accès internet et matériel informatique", "Acquisition de matériel informatique à prix solidaire",
	}
	Publics = []string{"Jeunes", "Étudiants", "Familles et/ou enfants", "Seniors", "Femmes"}
	Care    = []string{
		"Surdité", "Handicaps moteurs", "Handicaps mentaux", "Illettrisme", "Langues étrangères (anglais)", "Langues étrangères (autres)", "Déficience visuelle",
	}
	Costs   = []string{"Gratuit", "Gratuit sous condition", "Payant"}
	Schemes = []string{
		"Aidants Connect", "Bibliothèques numérique de référence", "Certification PIX", "Conseillers numériques", "Emmaüs Connect", "France Services",
		"Grande école du numérique", "La Croix Rouge", "Point d'accès numérique CAF", "Promeneurs du net", "Relais numérique (Emmaüs Connect)",
	}
	Labels = []string{
		"Formé à « Mon Espace Santé »", "Formé à « DUPLEX » (illettrisme)", "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
		"Collectif ressources et acteurs réemploi (Normandie)", "Étapes numériques(La Poste)", "Fabriques de Territoire",
		"Les Éclaireurs du numérique (Drôme)", "Mes Papiers (Métropole de Lyon)", "ORDI 3.0", "SUD LABS (PACA)",
	}
	Access = []string{
		"Se présenter", "Téléphoner", "Contacter par mail", "Prendre un RDV en ligne", "Ce lieu n'accueille pas de public",
		"Envoyer un mail avec une fiche de prescription",
	}
	Support = []string{"En autonomie", "Accompagnement individuel", "Dans un atelier collectif", "À distance"}
)

// Remote is the kind of help for which nobody goes anywhere.
const Remote = "À distance"

// folded finds a word however it is written.
func folded(list []string) map[string]string {
	byFold := make(map[string]string, len(list))
	for _, word := range list {
		byFold[fold.Text(word)] = word
	}
	return byFold
}
