package portal

import (
	"strings"

	"example.org/passerelle/api/client"
)

// entry ties a member of a request to an input of the page.
type entry struct {
	Member string // of the body: person.phone
	Input  string // of the page: telephone
	Label  string // as the page says it
	Words  map[string]string
}

// refused says in French what the REST surface refuses: beside the inputs in the order of the page, all else
// above them.
func (f *form) refused(p *client.Problem, entries []entry) {
	seen := map[int]bool{}
	for _, e := range entries {
		for i, wrong := range p.Errors {
			if !seen[i] && (wrong.Field == e.Member || strings.HasPrefix(wrong.Field, e.Member+"[") || strings.HasPrefix(wrong.Field, e.Member+".")) {
				seen[i] = true
				f.refuse(e.Input, e.say(wrong.Code))
			}
		}
	}
	for i, wrong := range p.Errors {
		if !seen[i] {
			f.refuse("", general(wrong.Code))
		}
	}
	if len(p.Errors) == 0 {
		f.refuse("", general(p.Code))
	}
}

func (e entry) say(code string) string {
	if text, ok := e.Words[code]; ok {
		return text
	}
	if text, ok := beside[code]; ok {
		return e.Label + "\u00a0: " + text
	}
	if text, ok := above[code]; ok {
		return text
	}
	return e.Label + "\u00a0: cette valeur ne convient pas"
}

func general(code string) string {
	if text, ok := above[code]; ok {
		return text
	}
	return "Cette demande n’est pas possible en l’état (" + code + ")."
}

// beside finishes the sentence that begins with a label.
var beside = map[string]string{
	"required":         "à renseigner",
	"too_short":        "à renseigner",
	"too_long":         "c’est trop long",
	"too_large":        "ce nombre est trop grand",
	"too_small":        "ce nombre est trop petit",
	"wrong_type":       "à renseigner",
	"wrong_code":       "ce n’est pas celui de cet atelier",
	"not_in_list":      "choisissez une réponse de la liste",
	"not_with_session": "un atelier ou un lieu, pas les deux",
	"not_with_place":   "seules les places d’un atelier se demandent ensemble",
	"bad_format":       "ce n’est pas écrit comme attendu",
	"repeated":         "la même réponse est donnée deux fois",
	"not_text":         "un caractère ne peut pas être lu",
	"invalid":          "cette valeur ne convient pas",
	"in_past":          "ce jour est passé",
	"in_future":        "cette date est dans le futur",
	"too_long_ago":     "cette date est trop ancienne",
	"nir_in_text":      "retirez le numéro de sécurité sociale",
	"nir_not_here":     "retirez le numéro de sécurité sociale",
}

// above stands alone.
var above = map[string]string{
	"nothing_asked":       "Indiquez au moins un nom, une date de naissance, un téléphone ou une référence.",
	"nir_not_here":        "Un texte contient un numéro de sécurité sociale. Retirez-le.",
	"nir_in_text":         "Un texte contient un numéro de sécurité sociale. Retirez-le.",
	"reference_taken":     "Le signalement n’a pas pu être numéroté. Envoyez-le de nouveau.",
	"key_reused":          "Ce formulaire a déjà été envoyé avec d’autres réponses. Rechargez la page avant de recommencer.",
	"flag_open":           "Cette personne a déjà un signalement ouvert. Poursuivez celui-ci.",
	"person_exists":       "Cette personne est déjà connue.",
	"no_way_to_reach":     "Indiquez au moins un moyen de la joindre\u00a0: un téléphone, une adresse ou un proche.",
	"person_not_needed":   "Sans accord pour être orientée, la personne ne doit pas être nommée.",
	"consent_missing":     "La personne n’a pas donné son accord pour être orientée. Demandez-le-lui d’abord.",
	"help_closed":         "L’accompagnement de cette personne est clos.",
	"not_validated":       "Le référent doit d’abord valider ce signalement.",
	"own_flag":            "Personne ne valide son propre signalement.",
	"not_submitted":       "Ce signalement n’attend plus de validation.",
	"not_reviewed":        "Ce programme ne demande pas de validation\u00a0: le signalement est déjà compté.",
	"already_reviewed":    "La validation de ce signalement est terminée.",
	"already_referred":    "Une orientation a été faite avec ce signalement\u00a0: il reste comme il est.",
	"not_amendable":       "Le département a décidé de la structure. Retirez ce signalement et faites-en un autre.",
	"not_observed":        "Ce signalement n’a pas été compté\u00a0: il n’y a rien à corriger.",
	"campaign_closed":     "La campagne est close et ses observations sont anonymes\u00a0: rien ne peut plus être changé.",
	"referral_open":       "Une demande est encore en cours. Attendez la réponse, ou retirez-la d’abord.",
	"not_closed":          "Ce signalement n’est pas clos.",
	"closing_settled":     "Ce signalement est clos depuis plus de sept jours. Faites-en un nouveau.",
	"person_objected":     "Cette personne ne veut plus que ses données soient utilisées.",
	"signal_answered":     "Cette alerte a déjà reçu sa réponse.",
	"unknown_signal":      "Cette alerte n’existe plus.",
	"too_many_drafts":     "Vous avez trop de brouillons. Terminez-en un, ou supprimez-en.",
	"campaign_running":    "La campagne n’est pas terminée.",
	"nothing_observed":    "Rien n’a été observé dans cette campagne.",
	"not_monthly":         "Cette campagne n’a pas de mois.",
	"session_not_open":    "Cet atelier ne prend plus d’inscriptions. Choisissez-en un autre.",
	"already_asked":       "Une demande est déjà en cours pour cet atelier.",
	"too_many_open":       "Trois demandes sont déjà en cours pour cette personne. Retirez-en une d’abord.",
	"referral_ended":      "Cette demande n’est plus ouverte.",
	"offer_ended":         "Cette place n’est plus proposée\u00a0: elle est prise, passée à quelqu’un d’autre, ou le délai est fini.",
	"unknown_offer":       "Cette place n’est plus proposée. Relisez la liste du jour.",
	"unknown_person":      "Cette personne n’est plus suivie par votre équipe.",
	"unknown_session":     "Cet atelier n’existe plus. Choisissez-en un autre.",
	"not_asked":           "Cette demande n’existe plus. Voici celles qui attendent maintenant.",
	"referral_exists":     "Cette demande est déjà enregistrée.",
	"person_deceased":     "Le décès de cette personne a été signalé\u00a0: plus rien n’est fait.",
	"person_merged":       "Cette fiche est réunie avec une autre. Poursuivez avec celle-là.",
	"not_merged":          "Ces deux fiches ne sont pas réunies.",
	"last_desk":           "Aucune autre équipe ne pourrait reprendre ce que celle-ci suit. Ouvrez-en d’abord une autre.",
	"place_closed":        "Ce lieu est déjà fermé.",
	"desk_closed":         "Cette équipe est déjà fermée.",
	"organisation_closed": "Cet organisme est déjà fermé.",
	"tablet_lacking":      "Aucune tablette n’était libre pour cette personne. Ajoutez-en d’abord une au parc.",
	"loan_returned":       "Cette tablette a déjà été rendue.",
	"not_handed_over":     "Cette tablette n’a pas été remise.",
	"item_not_free":       "Cette tablette est réservée à quelqu’un d’autre ces jours-là. Prenez-en une autre.",
	"loan_ended":          "Ce prêt est clos : la tablette est perdue.",
	"loan_released":       "Cette tablette n’est plus réservée pour cette personne : la place a été rendue, les jours sont passés, ou elle n’en avait pas besoin.",
	"loan_exists":         "Une tablette est déjà demandée ou réservée pour cette personne.",
	"days_passed":         "Les jours de cet atelier sont passés. Prolongez d’abord le prêt.",
	"item_to_reset":       "Les comptes et les photos de la personne précédente sont encore sur cette tablette. Effacez-les d’abord.",
	"item_not_lendable":   "Cette tablette est en réparation, manquante, perdue ou réformée. Prenez-en une autre.",
	"item_lent":           "Quelqu’un a cette tablette. Reprenez-la d’abord.",
	"item_retired":        "Cet appareil est réformé.",
	"item_granted":        "Cet appareil a été donné à quelqu’un. Vérifiez l’étiquette.",
	"item_kept":           "Cet appareil est réservé pour un atelier. Prenez-en un autre.",
	"other_item_given":    "La personne a déjà reçu un autre appareil.",
	"quota":               "Toutes les places de ce programme sont données. Libérez-en une, ou attendez une nouvelle décision.",
	"no_grant":            "Ce programme ne donne rien aujourd’hui. Choisissez-en un autre.",
	"not_eligible":        "La fiche ne dit pas : pas d’équipement, faute de moyens, avec un risque de fragilité. Un évaluateur ou un référent peut déroger, avec un motif.",
	"already_entitled":    "Un équipement est déjà demandé ou donné à cette personne dans ce programme.",
	"already_decided":     "Cette demande a déjà reçu une réponse.",
	"already_given":       "La personne a déjà reçu quelque chose. Arrêtez plutôt l’accompagnement.",
	"not_approved":        "Cet équipement n’est pas accordé, ou c’est terminé.",
	"no_coach":            "Personne n’accompagne encore cette personne. Désignez d’abord l’accompagnant.",
	"hours_spent":         "C’est plus que le temps qui reste à cette personne.",
	"appointment_settled": "Ce rendez-vous a déjà eu lieu, ou a été manqué.",
	"no_connection":       "Ce programme n’a pas de connexion.",
	"already_connected":   "La personne a déjà une connexion.",
	"item_lost":           "Cet appareil est perdu. Quand il est retrouvé, reprenez le prêt, ou notez-le à l’inventaire.",
	"asset_tag_taken":     "Un appareil porte déjà cette étiquette.",
	"serial_taken":        "Un appareil porte déjà ce numéro de série.",
	"unknown_item":        "Le parc n’a pas de tablette avec cette étiquette.",
	"merge_settled":       "Ces fiches sont réunies depuis plus de 30 jours. Corrigez la fiche.",
	"unknown_referral":    "L’autre demande est introuvable.",
	"not_available":       "Pour l’instant, une personne ne peut être orientée que vers un atelier.",
	"waiting_list_full":   "Aucune place n’est libre et la liste d’attente est complète. Augmentez sa limite, ou refusez la demande.",
	"request_ended":       "Cette demande n’est plus ouverte\u00a0: elle a reçu une réponse, a été retirée, ou son délai est passé.",
	"already_accepted":    "Vous avez déjà accepté cette demande.",
	"programme_exists":    "Un programme porte déjà cet identifiant. Choisissez-en un autre.",
	"old_version":         "Quelqu’un a modifié ce programme entre-temps. Rechargez la page, et décidez sur cette version.",
	"stale":               "Quelqu’un d’autre a modifié ce dossier entre-temps. Rechargez la page.",
	"desk_required":       "Choisissez l’équipe qui suit cette personne.",
	"already_member":      "Cette personne a déjà ce rôle à cet endroit, ou y est déjà invitée.",
	"other_fund":          "Cette personne travaille pour une autre caisse, ou y est invitée.",
	"last_administrator":  "C’est la dernière personne qui administre la caisse sans date de fin. Nommez-en d’abord une autre.",
	"loan_open":           "Cette personne a encore une tablette. Enregistrez d’abord son retour.",
	"followed_elsewhere":  "Une autre équipe suit encore cette personne. L’effacement se décide avec elle, par la protection des données de la caisse.",
	"erasure_begun":       "Le délai est passé\u00a0: les données de cette personne sont détruites, et personne ne peut les rétablir.",
	"programme_closed":    "Ce programme ne prend pas de signalement à cette date dans ce département.",
	"session_running":     "L’atelier a commencé : c’est au prestataire de noter qui n’y vient plus.",
	"nothing_to_undo":     "Aucune décision de votre équipe n’a mis fin à cette demande.",
	"undo_too_late":       "Une fin s’annule dans les 7 jours. Faites une nouvelle demande.",
	"not_an_address":      "C’est l’atelier qui dit lui-même ce qu’il en est.",
	"provider_has_people": "Quelqu’un travaille déjà pour ce prestataire : c’est à cette personne d’inviter ses collègues.",
	"letter_replaced":     "L’atelier a changé depuis : imprimez la nouvelle lettre.",
	"link_replaced":       "Un lien plus récent a été créé.",
	"link_expired":        "Ce lien a expiré.",
	"link_locked":         "Ce lien est bloqué : le code a été mal saisi cinq fois de suite.",
	"link_live":           "Ce lien sert encore.",
	"form_used":           "Ce formulaire a déjà servi.",
	"wrong_form":          "Ce formulaire est trop ancien. Indiquez de nouveau le code de l’atelier.",
	"not_by_mail":         "Ce lieu n’a pas de courriel, ou n’indique pas qu’on peut lui écrire. Appelez-le.",
	"unknown_place":       "Ce lieu n’existe pas ou plus. Cherchez-le de nouveau.",
	"not_a_draft":         "Cet atelier n’est plus un brouillon.",
	"not_upcoming":        "Cet atelier a commencé, ou n’est pas ouvert\u00a0: ce n’est plus possible.",
	"not_begun":           "L’atelier n’a pas commencé.",
	"not_over":            "La dernière séance n’est pas passée.",
	"was_present":         "Cette personne est notée présente à une séance. Corrigez d’abord les présences.",
	"not_a_participant":   "Cette personne n’a plus de place dans cet atelier.",
	"too_late_to_undo":    "Cette fin date de plus de sept jours.",
	"not_counted":         "Ici, chaque personne est connue par son nom.",
	"papers_missing":      "Il manque encore des documents.",
	"session_over":        "Cet atelier est fini\u00a0: il ne change plus.",
	"too_late":            "La première séance est passée. Déplacez d’abord l’atelier.",
	"no_free_seat":        "Il n’y a pas autant de places libres. Augmentez d’abord le nombre de places.",
}
