package demo

// Nobody has these names: each family name says that it is made up.
var (
	madeUp = []string{"Exemple", "Fictif", "Imaginaire", "Modèle", "Inventé", "Démo"}
	plants = []string{
		"Lavande", "Garrigue", "Châtaigne", "Tilleul", "Olivier", "Genêt", "Bruyère", "Romarin", "Fougère", "Platane", "Arbousier", "Noisette",
		"Glycine", "Mimosa", "Pivoine", "Aubépine", "Cerise", "Figuier", "Verveine", "Myrtille", "Coquelicot", "Bouleau", "Amande", "Jonquille",
	}
	women = []string{
		"Jeanne", "Monique", "Françoise", "Denise", "Yvette", "Odette", "Colette", "Simone", "Ginette", "Paulette", "Nicole", "Bernadette", "Josette",
		"Huguette", "Arlette", "Lucienne", "Marcelle", "Fatima", "Rosa", "Carmen", "Amparo", "Zohra", "Irène", "Solange",
	}
	men = []string{
		"Jean", "Michel", "Pierre", "André", "René", "Roger", "Marcel", "Guy", "Raymond", "Gilbert", "Lucien", "Maurice", "Serge", "Robert", "Henri",
		"Émile", "Mohamed", "José", "Manuel", "Ahmed", "Fernand", "Gaston", "Léon", "Albert",
	}
	streets = []string{
		"rue de l'Exemple", "chemin de l'Invention", "avenue Imaginaire", "place du Modèle", "impasse de la Fiction", "allée des Suppositions",
		"rue du Conte", "boulevard de l'Hypothèse",
	}
	houses = []string{"Centre social Exemple", "Médiathèque Imaginaire", "Atelier numérique Fictif", "Association Démo", "Espace Modèle"}

	titles = []string{
		"Premiers pas sur internet", "Ma messagerie au quotidien", "Ma retraite en ligne", "La tablette pas à pas", "Mes démarches sans papier",
		"Reconnaître les arnaques", "Textes et photos", "Le téléphone et ses réglages",
	}
	titleSkills = [][]string{
		{"internet"}, {"email", "internet"}, {"procedures", "internet"}, {"equipment"}, {"procedures", "email"}, {"security"}, {"office"}, {"equipment", "security"},
	}
	remarks = []string{
		"N'a jamais créé son espace personnel", "Se fait aider par un voisin pour chaque déclaration", "Craint de se tromper et de perdre ses droits",
		"Le courrier papier ne vient plus depuis le printemps", "Utilise le téléphone, mais pas les formulaires", "Souhaite apprendre avec d'autres",
		"A renoncé à une demande en ligne", "Le mot de passe est perdu et l'adresse de messagerie aussi",
	}
	noMessages = []string{
		"Le groupe a déjà commencé ; la prochaine session conviendra mieux.", "Nous avons appelé trois fois sans réponse.",
		"La salle est à l'étage et sans ascenseur.", "Le niveau du groupe est plus avancé.", "Les dates ne vont pas ; la personne préfère le matin.",
	}
)

// Phones are from the ranges that ARCEP keeps for fiction.
const (
	phoneLR     = "+33 4 65 71 %02d %02d"
	phoneBFC    = "+33 3 53 01 %02d %02d"
	phoneMobile = "+33 6 39 98 %02d %02d"
	firstNumber = 4000 // those before are the desks'
)
