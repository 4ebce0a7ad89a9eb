package policy

// Action is something a caller asks to do.
type Action string

// The actions. Each stands in a row of the table, some in two.
const (
	CreateFlag   Action = "flag.create"
	ReadFlag     Action = "flag.read"
	ReviewFlag   Action = "flag.review"
	CloseFlag    Action = "flag.close" // and open it again
	TransferFlag Action = "flag.transfer"
	TakeUpFlag   Action = "flag.take-up" // and give it back
	AmendFlag    Action = "flag.amend"
	WithdrawFlag Action = "flag.withdraw"
	SearchPerson Action = "person.search" // gives a card; who may also read the flag sees the person

	ReadPerson    Action = "person.read"
	ReadJourney   Action = "person.journey"  // of a caller, with a reason
	ReadBorrower  Action = "person.borrower" // name, phone and address, of who has a tablet
	CorrectPerson Action = "person.correct"
	MergePersons  Action = "person.merge" // and part them again; of both persons
	MovePerson    Action = "person.move"
	LinkPersons   Action = "person.link"
	TellDeath     Action = "person.death" // and take it back
	NoteConsent   Action = "person.consent"
	NoteWishes    Action = "person.wishes"
	NoteContact   Action = "person.contact"
	ObjectPerson  Action = "person.object"
	ErasePerson   Action = "person.erase"
	UndoErasure   Action = "person.undo-erasure" // or release it before its time
	ExportPerson  Action = "person.export"
	ReadAccesses  Action = "accesses.read"

	Refer         Action = "referral.open"
	ReadOffers    Action = "offers.read"
	WishHelp      Action = "help.wish"
	HelpOnTheSpot Action = "help.act"
	ReadReferral  Action = "referral.read"
	PlanSession   Action = "session.plan"
	ReadSession   Action = "session.read"
	ReadSeats     Action = "session.seats"
	AnswerRequest Action = "request.answer"

	SendSignal   Action = "signal.send"
	AnswerSignal Action = "signal.answer"
	ReadSignals  Action = "signal.read"

	RegisterProvider Action = "provider.register" // label and close it; the same of a place, and import
	AmendProvider    Action = "provider.amend"    // and its places
	InviteProvider   Action = "provider.invite"   // the first of its people
	ReportPlace      Action = "place.report"
	RegisterItem     Action = "item.register"
	ReadItem         Action = "item.read"
	HandOver         Action = "item.hand-over" // and take it back

	AskEntitlement     Action = "entitlement.ask"
	Derogate           Action = "entitlement.derogate"  // ask although the sheet speaks against it
	ApproveEntitlement Action = "entitlement.approve"   // refuse, release and end it, name the coach, give the item and the line
	Accompany          Action = "entitlement.accompany" // appointments and hours
	ReadEntitlement    Action = "entitlement.read"
	ReadGrant          Action = "grant.read" // what is left, in numbers

	CloseCampaign Action = "campaign.close"

	ManageFunding  Action = "funding.manage" // calls, committees, decisions, envelopes, payments
	ReadFunding    Action = "funding.read"
	ReadCall       Action = "call.read"
	ProposeProject Action = "project.propose" // and report on it
	ReadProject    Action = "project.read"

	ReadFunnel   Action = "figures.funnel"
	ReadCapacity Action = "figures.capacity"
	ReadUnmet    Action = "figures.unmet"
	ReadOutcomes Action = "figures.outcomes" // and what was done

	ReadObservatory       Action = "figures.observatory"
	ReadPublished         Action = "figures.published" // tables that may leave the house
	ProposeRecommendation Action = "recommendation.propose"
	MoveRecommendation    Action = "recommendation.move"
	ReadRecommendation    Action = "recommendation.read"

	ManageDirectory  Action = "directory.manage" // funds, desks, units, organisations
	ManageMembership Action = "membership.manage"
	ReadMembership   Action = "membership.read"

	ManageProgramme Action = "programme.manage"
	ReadProgramme   Action = "programme.read"

	ReadCommon Action = "common.read" // codes, communes, the directory, these rights, oneself
)
