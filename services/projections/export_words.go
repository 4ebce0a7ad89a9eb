package projections

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// exportLine is a field of a fact, in words.
type exportLine struct{ Name, Value string }

// linesOf are the fields of a fact in the order of their names, those inside others after them.
func linesOf(fact map[string]any) (lines []exportLine) {
	for _, name := range slices.Sorted(maps.Keys(fact)) {
		lines = append(lines, linesIn(inFrench(name), fact[name])...)
	}
	return lines
}

func linesIn(name string, value any) (lines []exportLine) {
	switch v := value.(type) {
	case nil:
		return nil
	case map[string]any:
		for _, inner := range slices.Sorted(maps.Keys(v)) {
			lines = append(lines, linesIn(name+", "+inFrench(inner), v[inner])...)
		}
		return lines
	case []any:
		texts := make([]string, len(v))
		for i, one := range v {
			texts[i] = fmt.Sprint(one)
		}
		return []exportLine{{name, strings.Join(texts, ", ")}}
	case bool:
		return []exportLine{{name, map[bool]string{true: "oui", false: "non"}[v]}}
	}
	return []exportLine{{name, fmt.Sprint(value)}}
}

// inFrench is a field, a fact or an action in words; what has none stays as it is.
func inFrench(code string) string {
	if text, ok := exportWords[code]; ok {
		return text
	}
	return code
}

var exportWords = map[string]string{
	"detection.person-registered.v1": "Personne enregistrée", "detection.senior-flagged.v1": "Signalement", "detection.flag-validated.v1": "Signalement validé",
	"detection.flag-returned.v1": "Question à l’auteur du signalement", "detection.flag-amended.v1": "Signalement modifié",
	"detection.flag-reclassified.v1": "Signalement reclassé", "detection.flag-dismissed.v1": "Signalement écarté de l’observation",
	"detection.flag-withdrawn.v1": "Signalement retiré", "detection.review-reminded.v1": "Rappel de la validation",
	"detection.help-referred.v1": "Orientation en cours", "detection.help-returned.v1": "Retour à la structure", "detection.person-corrected.v1": "Fiche corrigée",
	"detection.person-moved.v1": "Déménagement", "detection.record-joined.v1": "Fiche réunie à une autre", "detection.record-left.v1": "Fiche séparée d’une autre",
	"detection.help-ended.v1": "Accompagnement clos", "detection.help-resumed.v1": "Accompagnement repris", "detection.flag-handed-over.v1": "Signalement confié à une autre équipe",
	"referral.referral-handed-over.v1": "Demande confiée à une autre équipe",
	"detection.flag-closed.v1":         "Signalement clos", "detection.flag-reopened.v1": "Signalement rouvert", "detection.help-wished.v1": "Souhait d’accompagnement",
	"detection.help-acted.v1": "Aide sur le moment", "detection.signal-sent.v1": "Signal à une autre équipe", "detection.signal-answered.v1": "Réponse au signal",
	"detection.flag-transferred.v1": "Signalement transféré", "detection.flag-taken-up.v1": "Signalement pris en charge",
	"detection.person-merged.v1": "Fiches réunies", "detection.person-parted.v1": "Fiches séparées",
	"detection.person-linked.v1": "Lien avec une autre personne", "detection.wishes-noted.v1": "Souhaits", "detection.consent-noted.v1": "Accord ou retrait",
	"detection.person-objected.v1": "Opposition", "detection.death-told.v1": "Décès signalé", "detection.death-undone.v1": "Décès annulé",
	"detection.erasure-requested.v1": "Effacement demandé", "detection.erasure-undone.v1": "Effacement annulé", "detection.person-erased.v1": "Personne effacée",
	"referral.referral-opened.v1": "Demande de place", "referral.referral-answered.v1": "Réponse à la demande", "referral.referral-withdrawn.v1": "Demande retirée",
	"referral.referral-undone.v1": "Demande rétablie", "referral.referral-dated.v1": "Date de l’atelier notée", "referral.address-given.v1": "Adresse donnée",
	"referral.place-link-issued.v1": "Lien créé pour le lieu", "referral.place-link-opened.v1": "Lien ouvert par le lieu", "referral.place-link-code-missed.v1": "Code faux donné pour le lien du lieu",
	"referral.address-followed-up.v1": "Suite de l’adresse", "referral.call-asked.v1": "Appel à faire", "referral.contact-noted.v1": "Contact",
	"referral.letter-asked.v1": "Lettre à envoyer", "referral.letter-due.v1": "Courrier à envoyer", "referral.letter-sent.v1": "Courrier envoyé", "referral.close-asked.v1": "Clôture proposée à l’équipe",
	"referral.alternative-sought.v1": "Autre atelier cherché après une annulation", "referral.alternative-forgone.v1": "Place gardée ailleurs rendue",
	"workshop.request-handed-over.v1": "Demande confiée à une autre équipe", "workshop.alternative-held.v1": "Place gardée ailleurs, à proposer",
	"workshop.alternative-ended.v1": "La place gardée ailleurs ne l’est plus",
	"workshop.seat-requested.v1":    "Demande reçue par l’atelier", "workshop.seat-held.v1": "Place gardée", "workshop.request-queued.v1": "Demande en attente d’une place",
	"workshop.seat-taken.v1": "Place attribuée", "workshop.waiting-list-joined.v1": "Liste d’attente", "workshop.request-declined.v1": "Demande refusée",
	"workshop.request-lapsed.v1": "Pas de réponse à temps", "workshop.request-withdrawn.v1": "Place rendue",
	"workshop.link-issued.v1": "Lien de réponse remis au prestataire", "workshop.link-opened.v1": "Lien ouvert avec le code de l’atelier",
	"workshop.link-code-missed.v1": "Code de l’atelier erroné", "workshop.link-used.v1": "Réponse donnée par le lien", "workshop.link-asked.v1": "Nouveau lien demandé",
	"workshop.request-studied.v1": "Demande à l’étude", "workshop.answer-reminded.v1": "Rappel au prestataire", "workshop.hold-ended.v1": "Place plus gardée",
	"workshop.seat-offered.v1": "Place proposée", "workshop.seat-offer-passed.v1": "Place proposée non retenue",
	"workshop.seat-offer-not-reached.v1": "Appel sans réponse", "workshop.seat-offer-lapsed.v1": "Place proposée sans réponse à temps",
	"workshop.seat-freed.v1": "Place retirée", "workshop.request-unserved.v1": "Inscriptions closes sans place", "workshop.request-cancelled.v1": "Atelier annulé",
	"workshop.participant-dropped.v1": "Départ de l’atelier", "workshop.participant-removed.v1": "Retrait de l’atelier",
	"workshop.participant-restored.v1": "Participation rétablie", "workshop.no-show.v1": "Absence à l’atelier", "workshop.outcome-recorded.v1": "Bilan de l’atelier",
	"equipment.tablet-kept.v1": "Tablette réservée", "equipment.tablet-lacking.v1": "Aucune tablette libre", "equipment.tablet-handed-over.v1": "Tablette remise",
	"equipment.tablet-returned.v1": "Tablette rendue", "equipment.tablet-released.v1": "Tablette libérée",
	"equipment.tablet-swapped.v1": "Tablette échangée", "equipment.loan-extended.v1": "Prêt prolongé", "equipment.loan-late.v1": "Tablette non rendue à temps",
	"equipment.loan-lost.v1": "Tablette perdue", "equipment.loan-written-off.v1": "Prêt clos sans la tablette",
	"equipment.entitlement-requested.v1": "Équipement demandé", "equipment.entitlement-approved.v1": "Équipement accordé", "equipment.entitlement-refused.v1": "Équipement refusé",
	"equipment.entitlement-released.v1": "Équipement rendu au contingent", "equipment.entitlement-ended.v1": "Accompagnement arrêté", "equipment.entitlement-completed.v1": "Accompagnement achevé",
	"equipment.item-given.v1": "Matériel donné", "equipment.coach-named.v1": "Accompagnant désigné", "equipment.appointment-made.v1": "Rendez-vous pris",
	"equipment.appointment-missed.v1": "Rendez-vous manqué", "equipment.minutes-used.v1": "Temps d’accompagnement compté", "equipment.connection-begun.v1": "Connexion ouverte",
	"equipment.connection-ending.v1": "Fin de connexion annoncée",

	"read": "consultation", "write": "modification", "search": "recherche", "export": "export", "refused": "refus",

	"details": "Détails", "message": "Message", "given_name": "prénom", "family_name": "nom", "birth_name": "nom de naissance", "birth_date": "date de naissance",
	"sex": "sexe", "phone": "téléphone", "email": "adresse électronique", "language": "langue", "address": "adresse", "street": "rue", "postcode": "code postal",
	"insee": "commune (code)", "helper": "aidant", "name": "nom", "relation": "lien", "may_be_told": "peut être informé", "calls_first": "appelle d’abord",
	"consents": "accords", "study": "étude", "referral": "orientation", "given": "donné", "by": "par", "text_version": "version du texte", "answers": "réponses",
	"institution": "organisme", "network_coverage": "couverture réseau", "equipment": "équipement", "equipment_kinds": "types d’équipement",
	"financial_problem": "frein financier", "difficulty": "difficulté", "difficulty_reason": "raison de la difficulté", "help_place": "lieu d’aide connu",
	"training_need": "besoin de formation", "description": "description", "profile": "situation", "family_situation": "situation familiale", "occupation": "activité",
	"sick_leave": "arrêt maladie", "age": "âge", "department": "département", "needs": "besoins", "deadline": "échéance", "rights_at_risk": "droits en danger",
	"skills": "compétences", "access": "accès", "travel": "déplacement", "availability": "disponibilités", "modes": "modes", "loan_wanted": "prêt souhaité",
	"isolated": "isolement", "precarious": "précarité", "gir": "GIR", "context": "contexte", "hints": "à regarder", "force_reason": "motif de création",
	"first_contact": "premier contact", "paper_only": "papier seulement", "no_calls": "pas d’appel", "helper_only": "appeler l’aidant", "note": "note", "on": "le",
	"completed": "atelier suivi jusqu’au bout", "account_created": "espace personnel créé", "portal_consulted": "portail consulté",
	"mailbox_created": "adresse électronique créée", "items": "savoir-faire", "before": "avant", "after": "après",
	"internet": "internet", "office": "bureautique", "procedures": "démarches", "security": "sécurité",
	"told_by": "dit par", "text": "texte", "at": "date", "person_id": "personne", "other_id": "autre personne", "flag_id": "signalement", "referral_id": "demande",
	"session_id": "atelier", "provider_id": "prestataire", "fund": "caisse", "desk": "structure", "programme": "programme", "channel": "canal", "reason": "motif",
	"reference": "référence", "status": "état", "help": "aide", "finding_date": "date du constat", "answer": "réponse", "kind": "nature", "from": "du", "to": "au",
}
