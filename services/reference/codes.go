package reference

// CodesVersion is the version of the code lists; a changed list gets a new one.
const CodesVersion = "2026-11-22"

// Code is one entry of a list, with its French label.
type Code struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// List is a code list.
type List struct {
	Name  string `json:"name"`
	Codes []Code `json:"codes"`
}

// Codes are all code lists, in a fixed order.
func Codes() []List {
	names := List{Name: "department"}
	for _, d := range departments {
		names.Codes = append(names.Codes, Code{d.Code, d.Name})
	}
	return append(append(codes(), labelLists()...), names)
}

func codes() []List {
	return []List{
		{"channel", []Code{{"agency", "Agence retraite"}, {"phone_platform", "Plateforme téléphonique"}, {"evaluator", "Évaluateur"},
			{"social_service", "Service social"}, {"partner", "Partenaire"}}},
		{"first_contact", []Code{{"csam", "CSAM"}, {"social_worker", "Assistant(e) de service social"}, {"secretary", "Secrétaire en service social"}}},
		{"institution", []Code{{"caf", "CAF"}, {"cpam", "CPAM"}, {"impots", "Impôts"}, {"pole_emploi", "France Travail (ex-Pôle emploi)"},
			{"carsat_retraite", "Carsat retraite"}, {"inspection_travail", "Inspection du travail"}, {"mdph", "MDPH"},
			{"etablissement_sante", "Établissement de santé"}, {"prevoyance", "Prévoyance"}, {"service_medical", "Service médical"},
			{"organisme_formation", "Organisme de formation professionnelle"}, {"other", "Autre (à préciser)"}}},
		{"equipment_kinds", []Code{{"computer", "Ordinateur"}, {"tablet", "Tablette"}, {"mobile", "Téléphone portable"}, {"printer", "Imprimante"}}},
		{"difficulty_reason", []Code{{"lack_of_interest", "Manque d'intérêt"}, {"health", "Problème de santé"}, {"language", "Maîtrise de la langue"},
			{"isolation", "Isolement"}, {"consultation_only", "Consultation uniquement"}, {"appropriation", "Appropriation du numérique"}}},
		{"help_place", []Code{{"yes", "Oui"}, {"no", "Non"}, {"hard_to_reach", "Difficultés pour s'y rendre"}}},
		{"family_situation", []Code{{"single", "Vit seul(e)"}, {"couple", "En couple"}}},
		{"occupation", []Code{{"employed", "En emploi"}, {"job_seeker", "Demandeur d'emploi"}, {"retired", "Retraité(e)"},
			{"disability_pension", "Pension d'invalidité"}, {"other", "Autre"}}},
		{"access", []Code{{"wheelchair", "Fauteuil roulant"}, {"hearing", "Audition"}, {"sight", "Vue"}, {"cognitive", "Compréhension"},
			{"reads_little_french", "Lit peu le français"}}},
		{"travel", []Code{{"any", "Se déplace"}, {"near", "À proximité seulement"}, {"pick_up", "Si on vient la chercher"}, {"home_only", "À domicile seulement"}}},
		{"flag_status", []Code{{"submitted", "À valider"}, {"validated", "Validé"}, {"returned", "Renvoyé"}, {"dismissed", "Écarté"}, {"withdrawn", "Retiré"}}},
		{"help", []Code{{"none", "Sans suite demandée"}, {"to_refer", "À orienter"}, {"wished", "En attente d'une offre"}, {"referred", "Orientée"}, {"closed", "Close"}}},
		{"outcome", []Code{{"autonomous", "Se débrouille seule"}, {"helped", "Accompagnée"}, {"helped_on_the_spot", "Aidée sur place"},
			{"refused_by_person", "Ne souhaite pas de suite"}, {"unreachable", "Injoignable"}, {"nothing_suitable", "Rien d'adapté"}, {"moved", "A déménagé"},
			{"deceased", "Décédée"}, {"duplicate", "Doublon"}, {"entered_in_error", "Saisie par erreur"}}},
		{"help_act_kind", []Code{{"step_by_step", "Pas à pas avec la personne"}, {"done_for_person", "Fait à la place de la personne"},
			{"intermediary", "Par un intermédiaire"}, {"explained", "Expliqué"}}},
		{"help_act_mode", []Code{{"counter", "À l'accueil"}, {"phone", "Par téléphone"}, {"video", "En visioconférence"}, {"messaging", "Par messagerie"}, {"home", "À domicile"}}},
		{"signal_topic", []Code{{"retirement_rights", "Droits à la retraite"}, {"account", "Compte ou espace personnel"}, {"equipment", "Équipement"}, {"other", "Autre (à préciser)"}}},
		{"signal_status", []Code{{"sent", "Envoyé"}, {"received", "Reçu"}, {"done", "Traité"}, {"refused", "Refusé"}}},
		{"enquiry_topic", []Code{{"place", "Un lieu"}, {"session", "Un atelier"}, {"equipment", "Du matériel"}, {"account", "Un compte"}, {"procedures", "Une démarche"}, {"other", "Autre"}}},
		{"session_mode", []Code{{"in_person", "En présence"}, {"video", "Visioconférence"}, {"phone", "Téléphone"}, {"hybrid", "Mixte"}, {"webinar", "Webinaire"}}},
		{"skills", []Code{{"internet", "Internet"}, {"email", "Courriel"}, {"equipment", "Équipement"}, {"office", "Bureautique"},
			{"procedures", "Démarches"}, {"security", "Sécurité"}}},
		{"session_status", []Code{{"draft", "Brouillon"}, {"open", "Ouverte"}, {"confirmed", "Confirmée"}, {"running", "En cours"},
			{"closed", "Terminée"}, {"cancelled", "Annulée"}, {"stopped", "Arrêtée"}}},
		{"booking", []Code{{"on_request", "Sur demande"}, {"immediate", "Immédiate"}}},
		{"referral_status", []Code{{"requested", "Demandée"}, {"in_study", "À l'étude"}, {"enrolled", "Inscrite"}, {"waitlisted", "Sur liste d'attente"},
			{"offered", "Place proposée"}, {"declined", "Refusée"}, {"expired", "Sans réponse à temps"}, {"withdrawn", "Retirée"},
			{"cancelled", "Annulée"}, {"unserved", "Sans place"}, {"in_progress", "En cours"}, {"completed", "Terminée"}, {"dropped", "Abandonnée"}, {"no_show", "Absente"}}},
		{"decline_reason", []Code{{"not_reachable", "Personne injoignable"}, {"absent", "Ne s'est pas présentée"}, {"in_employment", "En emploi"},
			{"in_training", "En formation"}, {"not_eligible", "Hors public"}, {"not_mobile", "Ne peut pas se déplacer"}, {"not_interested", "Pas intéressée"},
			{"incompatible", "Freins périphériques"}, {"session_full", "Session complète"}, {"duplicate", "Orientation en double"}, {"level", "Niveau"},
			{"access_need", "Accessibilité"}, {"language", "Langue"}, {"dates", "Dates"}, {"session_not_open", "Session fermée aux demandes"}, {"other", "Autre (à préciser)"}}},
		{"withdraw_reason", []Code{{"changed_mind", "A changé d'avis"}, {"date", "Date"}, {"distance", "Distance"}, {"health", "Santé"},
			{"helped_elsewhere", "Aidée ailleurs"}, {"seated_elsewhere", "Inscrite ailleurs"}, {"moved", "A déménagé"}, {"deceased", "Décédée"},
			{"consent_withdrawn", "Retrait du consentement"}, {"entered_in_error", "Saisie par erreur"}}},
		{"item_status", []Code{{"available", "Disponible"}, {"kept", "Réservé"}, {"lent", "Prêté"}, {"to_reset", "À réinitialiser"},
			{"repair", "En réparation"}, {"retired", "Réformé"}, {"lost", "Perdu"}, {"granted", "Donné"}}},
		{"money_source", MoneySources()},
		{"money_nature", []Code{{"action", "Actions collectives"}, {"equipment", "Équipement"}, {"accompaniment", "Accompagnement"}, {"partnership", "Partenariat"}}},
		{"project_status", []Code{{"proposed", "Déposé"}, {"postponed", "Ajourné"}, {"kept", "Retenu"}, {"refused", "Refusé"}}},
		{"committee_vote", []Code{{"favourable", "Favorable"}, {"reduced", "Favorable, montant réduit"}, {"postponed", "Ajourné"}, {"unfavourable", "Défavorable"}}},
		{"recovery_reason", []Code{{"target_missed", "Objectif non atteint"}, {"not_spent", "Somme non dépensée"}, {"other", "Autre"}}},
		{"item_kind", []Code{{"tablet", "Tablette"}, {"computer", "Ordinateur"}, {"mobile", "Téléphone portable"}, {"printer", "Imprimante"}}},
	}
}
