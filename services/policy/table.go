package policy

import "example.org/passerelle/pkg/directory"

// Row is a line of the table of rights: what may be done, and who may do it where.
type Row struct {
	What    string
	French  string
	Actions []Action // empty: operations to come
	Rights  map[directory.Role]Right
}

type rights = map[directory.Role]Right

// Table is who may do what. Nothing else grants anything; docs/rights.md is the same table.
func Table() []Row { return append([]Row(nil), table...) }

// Short names, as at the head of the table.
const (
	adv = directory.Advisor
	pho = directory.PhoneAdvisor
	eva = directory.Evaluator
	ref = directory.Referent
	prt = directory.Partnership
	prv = directory.ProviderRole
	equ = directory.EquipmentRole
	fun = directory.FundingRole
	ana = directory.Analyst
	adm = directory.Administrator
	pri = directory.Privacy
	par = directory.Partner
)

var table = []Row{
	{
		What: "flag: create", French: "Signaler quelqu'un", Actions: []Action{CreateFlag},
		Rights: rights{adv: d, pho: d, eva: o.at(territory), ref: u, par: o.at(territory).says("(to_contact)", "(à contacter)")},
	},
	{
		What:   "search → minimal card in the fund (never into the social service)",
		French: "Chercher quelqu'un : une fiche minimale dans la caisse (jamais au service social)", Actions: []Action{SearchPerson},
		Rights: rights{adv: f.at(card), pho: f.at(card), eva: f.at(card), ref: f.at(card), pri: f.at(card)},
	},
	{
		What: "flag and person: read in full", French: "Signalement et personne : lire en entier", Actions: []Action{ReadFlag, ReadPerson, ReadBorrower},
		Rights: rights{
			adv: d, eva: o, ref: u,
			pho: d.says("; else journey only, of a caller, reason logged", "; sinon le parcours seul, de qui appelle, motif noté"),
			prv: words("name, phone, helper, language, access, skills of its requests", "nom, téléphone, aidant, langue, accès, compétences de ses demandes", provider).onlyFor(none...), // as the requests and the participants of its sessions

			equ: words("name, phone, address of borrowers", "nom, téléphone, adresse des emprunteurs", fund).onlyFor(ReadBorrower),
			pri: words("export only", "par l'export seulement", fund).onlyFor(none...), // see the row of the export
			par: words("state only", "l'état seulement", author).onlyFor(ReadFlag),
		},
	},
	{
		What: "journey of a caller (never into the social service)", French: "Parcours de qui appelle (jamais au service social)", Actions: []Action{ReadJourney},
		Rights: rights{pho: f.at(card).says("for a caller, reason logged", "pour qui appelle, motif noté")},
	},
	{
		What: "amend, withdraw, close, reopen, transfer", French: "Modifier, retirer, clore, rouvrir, transférer",
		Actions: []Action{AmendFlag, WithdrawFlag, CloseFlag, TransferFlag, TakeUpFlag},
		Rights:  rights{adv: d, pho: d, eva: o.says(": amend, withdraw", " : modifier, retirer").onlyFor(AmendFlag, WithdrawFlag), ref: u},
	},
	{
		What: "person: correct, merge, part, move, link, wishes, consents, death", French: "Personne : corriger, réunir, séparer, déménager, lier, souhaits, accords, décès",
		Actions: []Action{CorrectPerson, MergePersons, MovePerson, LinkPersons, TellDeath, NoteConsent, NoteWishes},
		Rights:  rights{adv: d, pho: d, ref: u},
	},
	{
		What: "review", French: "Valider l'observation", Actions: []Action{ReviewFlag},
		Rights: rights{ref: u.at(deskNotOwn).says(", not own", ", jamais les siens")},
	},
	{
		What: "offers, refer, wish, help acts, seat offers, contacts", French: "Propositions, orientation, souhait, aides, places proposées, contacts",
		Actions: []Action{ReadOffers, Refer, WishHelp, HelpOnTheSpot, NoteContact, ReadReferral},
		Rights: rights{
			adv: d, ref: u, eva: o.as("read", "lire").onlyFor(ReadReferral, ReadOffers),
			pho: f.at(desk).says(", for a caller or a line on its list", ", pour qui appelle ou une ligne de sa liste").
				later("there are no calls and no lists yet: own desk only"),
		},
	},
	{
		What: "signal: send / answer", French: "Signaler au service social, répondre", Actions: []Action{SendSignal, AnswerSignal, ReadSignals},
		Rights: rights{adv: words("unit / d", "unité / sa structure", desk), ref: u},
	},
	{
		What: "session: plan, change, cancel; own participants", French: "Séance : prévoir, changer, annuler ; ses propres participants", Actions: []Action{PlanSession},
		Rights: rights{prt: f.says(`, marked "for"`, ", noté « pour »"), prv: o.at(provider)},
	},
	{
		What: "accept, study, decline, attend, drop, outcome, close", French: "Accepter, étudier, refuser, présences, abandon, bilan, clôture",
		Actions: []Action{AnswerRequest, ReadSeats, ReadReferral},
		Rights:  rights{prt: f.says(", marked", ", noté"), prv: o.at(provider)},
	},
	{
		What: "sessions, providers: read", French: "Séances et prestataires : lire", Actions: []Action{ReadSession},
		Rights: all(everywhere, adv, pho, eva, ref, prt, prv, equ, fun, ana),
	},
	{
		What: "provider, place, relay, label, white-zone list", French: "Prestataire, lieu, relais, label, zones blanches", Actions: []Action{RegisterProvider, InviteProvider, AmendProvider, ReportPlace},
		Rights: rights{
			adv: words("report a place", "signaler un lieu", fund).onlyFor(ReportPlace), pho: words("report", "signaler", fund).onlyFor(ReportPlace),
			eva: words("report", "signaler", fund).onlyFor(ReportPlace), ref: words("report", "signaler", fund).onlyFor(ReportPlace),
			prt: f, prv: words("amend o", "modifier le sien", provider).onlyFor(AmendProvider),
		},
	},
	{
		What: "item, loan, reset, lost", French: "Matériel, prêt, remise à zéro, perte", Actions: []Action{RegisterItem, ReadItem, HandOver},
		Rights: rights{adv: words("agency pool", "le parc de l'agence", deskPool), prv: words("own pool", "son parc", pool), equ: f},
	},
	{
		What: "entitlement: ask / derogate / approve", French: "Droit à l'équipement : demander, déroger, approuver",
		Actions: []Action{AskEntitlement, Derogate, ApproveEntitlement},
		Rights: rights{
			adv: words("ask", "demander", desk).onlyFor(AskEntitlement), pho: words("ask", "demander", desk).onlyFor(AskEntitlement),
			eva: words("ask, derogate", "demander, déroger", author).onlyFor(AskEntitlement, Derogate),
			ref: words("ask, derogate", "demander, déroger", desk).onlyFor(AskEntitlement, Derogate),
			equ: words("approve", "approuver", fund).onlyFor(AskEntitlement, ApproveEntitlement),
		},
	},
	{
		What: "appointment, hours", French: "Rendez-vous, heures", Actions: []Action{Accompany},
		Rights: rights{eva: words("if coach", "si accompagnant", author), prv: words("if coach", "si accompagnant", provider), equ: f},
	},
	{
		What: "entitlement: read", French: "Droit à l'équipement : lire", Actions: []Action{ReadEntitlement},
		Rights: rights{
			adv: d, pho: d, eva: o.says("and if coach", "et si accompagnant"), ref: u, prv: words("if coach", "si accompagnant", provider), equ: f,
		},
	},
	{
		What: "what programmes give and what is left: read", French: "Ce que donnent les programmes et ce qui reste : lire", Actions: []Action{ReadGrant},
		Rights: all(fund, adv, pho, eva, ref, prt, equ, fun, ana),
	},
	{
		What: "call, committee, decision, payment", French: "Appel, commission, décision, paiement", Actions: []Action{ManageFunding, ReadFunding},
		Rights: rights{prt: words("read", "lire", fund).onlyFor(ReadFunding), fun: f, ana: words("read", "lire", fund).onlyFor(ReadFunding)},
	},
	{
		What: "project: apply, report", French: "Projet : déposer, rendre compte", Actions: []Action{ProposeProject, ReadProject},
		Rights: rights{prt: words("read", "lire", fund).onlyFor(ReadProject), prv: o.at(provider), fun: f, ana: words("read", "lire", fund).onlyFor(ReadProject)},
	},
	{
		What: "calls: read", French: "Appels : lire", Actions: []Action{ReadCall},
		Rights: all(fund, prt, prv, fun, ana),
	},
	{
		What: "programme, campaign, target (with decision reference)", French: "Programme, campagne, objectif (avec référence de la décision)",
		Actions: []Action{ManageProgramme, CloseCampaign},
		Rights:  rights{prt: f, fun: words("target", "objectif", fund).onlyFor(none...)},
	},
	{
		What: "programmes and their form: read", French: "Programmes et leur formulaire : lire", Actions: []Action{ReadProgramme},
		Rights: all(fund, adv, pho, eva, ref, prt, prv, equ, fun, ana, adm, pri, par),
	},
	{
		What: "figures", French: "Chiffres : parcours des signalements", Actions: []Action{ReadFunnel},
		Rights: figures(d, u, o),
	},
	{
		What: "figures: seats of the sessions", French: "Chiffres : places des séances", Actions: []Action{ReadCapacity},
		Rights: figures(d.at(territory).says("(its departments)", "(ses départements)"), u.at(territory).says("(its departments)", "(ses départements)"),
			o.at(territory).says("(its departments)", "(ses départements)")),
	},
	{
		What: "figures: outcomes and activity", French: "Chiffres : résultats et activité", Actions: []Action{ReadOutcomes},
		Rights: figures(d, u, o),
	},
	{
		What: "figures: whom nothing suits", French: "Chiffres : les besoins sans réponse", Actions: []Action{ReadUnmet},
		Rights: unmet(),
	},
	{
		What: "figures: observatory", French: "Chiffres : observatoire", Actions: []Action{ReadObservatory},
		Rights: observed(),
	},
	{
		What: "figures: published tables", French: "Chiffres : tableaux publiés", Actions: []Action{ReadPublished},
		Rights: all(everywhere, adv, pho, eva, ref, prt, prv, equ, fun, ana, par),
	},
	{
		What: "recommendations", French: "Recommandations", Actions: []Action{ProposeRecommendation, MoveRecommendation},
		Rights: rights{ref: u.says("propose", ": proposer").onlyFor(ProposeRecommendation), ana: f},
	},
	{
		What: "recommendations: read", French: "Recommandations : lire", Actions: []Action{ReadRecommendation},
		Rights: rights{ref: f, ana: f},
	},
	{
		What: "desks, units, memberships", French: "Structures, unités, habilitations", Actions: []Action{ManageDirectory, ManageMembership, ReadMembership},
		Rights: rights{adm: f, prv: words("colleagues", "ses collègues", provider).onlyFor(ManageMembership, ReadMembership)},
	},
	{
		What: "export, object, release or undo erasure, access log", French: "Export, opposition, effacement (lever, annuler), journal des accès",
		Actions: []Action{ExportPerson, ObjectPerson, ErasePerson, UndoErasure, ReadAccesses},
		Rights: rights{
			adv: words("ask, erase d", "demander ; effacer dans sa structure", desk).onlyFor(ObjectPerson, ErasePerson),
			pho: words("ask", "demander", desk).onlyFor(ObjectPerson), ref: words("ask", "demander", desk).onlyFor(ObjectPerson), pri: f,
		},
	},
	{
		What: "codes, communes, directory, rights, oneself: read", French: "Codes, communes, annuaire, droits, soi-même : lire", Actions: []Action{ReadCommon},
		Rights: all(everywhere, directory.Roles...),
	},
	{
		What:   "parked messages, backups, keys: operator of the installation only, never a fund's administrator",
		French: "Messages en attente, sauvegardes, clés : l'exploitant seulement, jamais l'administrateur d'une caisse", Rights: rights{},
	},
}

// all is the same right for several roles.
func all(where reach, roles ...directory.Role) rights {
	list := rights{}
	for _, role := range roles {
		list[role] = words("yes", "oui", where)
	}
	return list
}

// observed is figures without those who look after what they made themselves: an observation does not know who told it.
func observed() rights {
	list := figures(d, u, words("published", "publiés", everywhere).onlyFor(none...))
	list[prv] = words("published", "publiés", everywhere).onlyFor(none...)
	return list
}

// unmet is counted for the desks and the fund, and for a provider in steps of the people around a commune.
func unmet() rights {
	r := figures(d, u, o)
	r[prv] = o.at(provider).says("(in steps, around a commune)", "(par paliers, autour d’une commune)")
	return r
}

// figures of all kinds are for the same roles; where their own part ends depends on what is counted.
func figures(d, u, o Right) rights {
	return rights{
		adv: d, pho: d, eva: o, ref: u.says(join(u.Words, "+ list behind"), join(u.French, "et la liste derrière")), prt: f, prv: o.at(provider).says("", ""), fun: f, ana: f,
		equ: words("equipment", "matériel", fund).onlyFor(none...), par: words("published", "publiés", everywhere).onlyFor(none...),
	}
}
