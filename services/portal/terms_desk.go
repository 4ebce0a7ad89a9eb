package portal

// Words of the desk's day that no code list has.
var (
	outcomes = []choice{
		{Value: "autonomous", Label: "La personne se débrouille seule"}, {Value: "helped", Label: "Aidée par un atelier ou un lieu"},
		{Value: "helped_on_the_spot", Label: "Aidée sur place"}, {Value: "refused_by_person", Label: "La personne ne souhaite plus d’aide"},
		{Value: "unreachable", Label: "Injoignable"}, {Value: "nothing_suitable", Label: "Rien ne convenait"}, {Value: "moved", Label: "A déménagé"},
		{Value: "deceased", Label: "Décédée"}, {Value: "duplicate", Label: "Déjà signalée ailleurs"}, {Value: "entered_in_error", Label: "Saisie par erreur"}}
	helpKinds = []choice{
		{Value: "step_by_step", Label: "Fait avec la personne, pas à pas"}, {Value: "done_for_person", Label: "Fait à sa place"},
		{Value: "intermediary", Label: "Contacté un organisme pour elle"}, {Value: "explained", Label: "Expliqué"}}
	helpModes = []choice{
		{Value: "counter", Label: "À l’accueil"}, {Value: "phone", Label: "Au téléphone"}, {Value: "video", Label: "En visioconférence"},
		{Value: "messaging", Label: "Par messagerie"}, {Value: "home", Label: "À domicile"}}
	signalTopics = []choice{
		{Value: "retirement_rights", Label: "Droits à la retraite"}, {Value: "account", Label: "Compte en ligne"}, {Value: "equipment", Label: "Équipement"},
		{Value: "other", Label: "Autre (à préciser dans le message)"}}
	signalStates = []choice{
		{Value: "sent", Label: "Envoyée"}, {Value: "received", Label: "Prise en compte"}, {Value: "done", Label: "Traitée"}, {Value: "refused", Label: "Refusée"}}
	enquiryTopics = []choice{
		{Value: "place", Label: "Un lieu d’aide"}, {Value: "session", Label: "Un atelier"}, {Value: "equipment", Label: "Un équipement"},
		{Value: "account", Label: "Un compte en ligne"}, {Value: "procedures", Label: "Une démarche"}, {Value: "other", Label: "Autre chose"}}
)
