package portal

// columnLabels are the columns in the words of the form.
var columnLabels = map[string]string{
	"": "Toute la ligne", "programme": "Programme",
	"cle": "Numéro de la fiche", "date_constat": "Date du constat", "unite": "Équipe", "premier_contact": "Premier contact", "nom": "Nom", "prenom": "Prénom",
	"nom_naissance": "Nom de naissance", "date_naissance": "Date de naissance", "sexe": "Sexe", "telephone": "Téléphone", "courriel": "Courriel",
	"langue": "Langue parlée", "rue": "Numéro et rue", "code_postal": "Code postal", "insee": "Commune", "nir": "Numéro de sécurité sociale", "age": "Âge",
	"departement": "Département", "aidant_nom": "Nom de l’aidant", "aidant_lien": "Lien avec la personne", "aidant_telephone": "Téléphone de l’aidant",
	"aidant_informe": "Peut-on parler de l’atelier à l’aidant", "aidant_appele_en_premier": "Faut-il appeler l’aidant en premier",
	"accord_orientation": "D’accord pour être orientée vers un atelier", "accord_etude": "D’accord pour l’étude, sans son nom", "accord_donne": "Accord donné",
	"accord_donne_par": "Accord donné par", "accord_texte": "Version du texte lu", "institution": "Institution concernée",
	"couverture_reseau": "Couverture réseau suffisante", "equipement": "Possède un équipement", "types_equipement": "Si oui, lequel",
	"probleme_financier": "Si non, problème financier", "difficulte": "Difficultés à utiliser le numérique", "motif_difficulte": "Si oui, motif principal",
	"lieu_aide": "Connaît un lieu d’aide", "besoin_formation": "Besoin d’une formation", "description": "Description", "situation_familiale": "Situation familiale",
	"activite": "Activité", "arret_maladie": "En arrêt maladie", "aide_avant_le": "Aide nécessaire avant le", "droit_en_danger": "Un droit risque d’être perdu",
	"pret_souhaite": "Souhaite une tablette prêtée", "apprendre": "Veut apprendre", "accessibilite": "Accessibilité", "deplacements": "Déplacements",
	"forme_atelier": "Forme de l’atelier", "disponibilites": "Disponibilités", "isolee": "Isolée", "precaire": "Situation précaire", "gir": "GIR", "contexte": "Contexte",
}

// columnNotes stand in place of what the kind of a column says.
var columnNotes = map[string]string{
	"cle":            "texte. Avec le programme et l’équipe, il fait qu’une fiche n’est importée qu’une fois. Vide\u00a0: la ligne entière en tient lieu",
	"unite":          "identifiant. Vide\u00a0: l’équipe choisie sur cette page, ou la vôtre",
	"nom":            "texte. Une fiche sans nom laisse vides toutes les colonnes de la personne",
	"age":            "nombre d’années, pour une fiche sans nom",
	"departement":    "numéro, pour une fiche sans nom",
	"date_naissance": "23/07/1951, ou l’année seule",
	"insee":          "code INSEE à 5 caractères",
	"nir":            "15 chiffres. Il sert à vérifier, puis n’est pas conservé",
	"langue":         "code de langue, par exemple fr",
	"description":    "texte, sans numéro de sécurité sociale",
	"contexte":       "mots-clés séparés par |",
}

// fileWords say why a file is refused as a whole.
var fileWords = map[string]string{
	"empty_file":     "Fichier\u00a0: il est vide. Sa première ligne donne le nom des colonnes",
	"not_csv":        "Fichier\u00a0: sa première ligne ne se lit pas comme du CSV. Elle donne le nom des colonnes, séparés par des points-virgules",
	"not_utf8":       "Fichier\u00a0: il n’est pas en UTF-8. Dans le tableur, enregistrez-le sous «\u00a0CSV UTF-8\u00a0» et envoyez ce fichier-là",
	"too_large":      "Fichier\u00a0: il dépasse 64\u00a0Mo. Coupez-le en deux",
	"unknown_column": "ces colonnes ne sont pas connues, corrigez leur nom ou retirez-les\u00a0:",
	"missing_column": "ces colonnes manquent, elles peuvent être vides mais doivent être là\u00a0:",
	"doubled_column": "ces colonnes sont là deux fois\u00a0:",
}

// columnWords are reasons that say more beside a certain column.
var columnWords = map[string]map[string]string{
	"date_constat":       {"bad_format": "Écrivez la date d’un jour qui existe, par exemple 03/02/2020."},
	"aide_avant_le":      {"bad_format": "Écrivez la date d’un jour qui existe, par exemple 03/02/2020."},
	"date_naissance":     {"bad_format": "Écrivez la date d’un jour qui existe, par exemple 03/02/1955, ou l’année seule."},
	"age":                {"wrong_type": "Écrivez un nombre d’années en chiffres."},
	"gir":                {"wrong_type": "Écrivez un nombre de 1 à 6."},
	"telephone":          {"bad_format": "Écrivez-le en chiffres, par exemple 04 65 71 00 00."},
	"aidant_telephone":   {"bad_format": "Écrivez-le en chiffres, par exemple 04 65 71 00 00."},
	"courriel":           {"bad_format": "Écrivez-le comme nom@exemple.fr."},
	"insee":              {"bad_format": "Écrivez le code INSEE de la commune, 5 caractères."},
	"code_postal":        {"bad_format": "Écrivez le code postal, 5 chiffres."},
	"departement":        {"bad_format": "Écrivez le numéro du département, par exemple 58."},
	"accord_orientation": {"required": "Dites si la personne est d’accord\u00a0: oui ou non."},
}

// lineWords are reasons why a line is refused.
var lineWords = map[string]string{
	"wrong_columns":            "Elle n’a pas autant de valeurs que la première ligne a de colonnes. Le fichier est peut-être coupé ici.",
	"not_csv":                  "Un guillemet n’est pas fermé, ou se trouve au mauvais endroit.",
	"not_utf8":                 "Un caractère ne peut pas être lu. Enregistrez le fichier sous «\u00a0CSV UTF-8\u00a0».",
	"line_too_long":            "Elle est trop longue\u00a0: un guillemet est sans doute resté ouvert. La suite n’a pas été lue.",
	"required":                 "À renseigner.",
	"wrong_type":               "Écrivez oui ou non.",
	"not_in_list":              "Ce n’est pas une réponse de la liste.",
	"bad_format":               "Ce n’est pas écrit comme attendu.",
	"not_a_day":                "Indiquez une date qui existe, par exemple 03/02/2020.",
	"not_a_date":               "Indiquez une date qui existe, par exemple 03/02/1955, ou l’année seule.",
	"in_future":                "Cette date est dans le futur.",
	"outside_campaign":         "Cette date est en dehors de la campagne du programme.",
	"programme_ended":          "Le programme était terminé ce jour-là.",
	"territory_not_open":       "Le programme n’était pas encore ouvert ce jour-là, là où vit la personne.",
	"not_possible":             "Personne n’a cet âge.",
	"too_young":                "La personne est trop jeune pour ce programme.",
	"unknown_programme":        "Votre caisse n’a pas ce programme, ou il ne prend pas de signalements.",
	"desk_required":            "Indiquez l’équipe.",
	"desk_not_yours":           "Ce n’est pas une de vos équipes.",
	"desk_not_in_programme":    "Cette équipe ne participe pas à ce programme.",
	"unknown_desk":             "Cette équipe n’existe pas.",
	"no_desk":                  "Aucune agence de votre caisse ne s’occupe de cet endroit.",
	"not_your_territory":       "Cet endroit est en dehors de votre territoire.",
	"unknown_text":             "Le programme n’a pas de texte de cette version. La colonne peut rester vide.",
	"nothing_agreed":           "La personne n’est d’accord pour rien\u00a0: rien ne doit être enregistré. Retirez cette ligne.",
	"person_not_needed":        "Sans accord pour être orientée, la personne ne doit pas être nommée.",
	"no_way_to_reach":          "Indiquez au moins un moyen de la joindre\u00a0: un téléphone, une adresse ou un proche.",
	"person_exists":            "Une personne semblable est déjà connue. Saisissez cette fiche à la main\u00a0: vous pourrez dire si c’est elle.",
	"flag_open":                "Cette personne a déjà un signalement ouvert dans ce programme.",
	"nir_format":               "Écrivez 13 chiffres et la clé, ou laissez vide.",
	"nir_key":                  "La clé ne correspond pas. Relisez le numéro, ou laissez vide.",
	"nir_key_missing":          "Ajoutez la clé, les deux derniers chiffres.",
	"nir_provisional":          "C’est un numéro provisoire. Laissez vide.",
	"nir_in_text":              "Le texte contient un numéro de sécurité sociale. Retirez-le.",
	"nir_not_here":             "Il y a là un numéro de sécurité sociale. Retirez-le.",
	"only_by_reclassification": "Choisissez une seule institution. Le référent pourra dire plus tard qu’il y en a plusieurs.",
	"needs_equipment":          "Seulement si la personne possède un équipement.",
	"needs_no_equipment":       "Seulement si la personne n’a pas d’équipement.",
	"needs_difficulty":         "Seulement en cas de difficulté.",
	"yes_and_no":               "La personne en connaît un, ou non. Pas les deux.",
	"description_required":     "Dites de quelle institution il s’agit.",
}
