package platform_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
)

// offer is an operation in the matrix: what it asks the policy for, and on which resources of the estate it is tried.
// A new operation of the REST surface needs a line in offers; without one TestEveryOperationIsInTheMatrix names it.
type offer struct {
	action policy.Action // empty: public, nobody is asked who they are
	tries  func(e *estate) []try
	// status where the role may, but not here, and where there is no such thing: 404 if it is 0, 422 where a body names it.
	elsewhere int
}

// try is one request: what it touches, as the policy sees it. There is nothing behind an unknown one.
type try struct {
	path    string // behind /api/v1
	body    any
	on      func(directory.Account) policy.Resource
	unknown bool
	mine    string // the only account that is told; anybody: empty
}

var offers = map[string]offer{
	"issueToken": {}, "getOpenIDConfiguration": {}, "getKeys": {}, "authorize": {}, "getUserinfo": {},
	"listSignInIssuers": {}, "getSignInDoor": {}, "createSignIn": {}, "renewSignIn": {}, "endSignIn": {},
	"getLink": {}, "openLink": {}, "decideByLink": {}, "askLink": {}, "readRequestByLink": {}, "getPlaceLink": {}, "openPlaceLink": {}, "answerByPlaceLink": {}, // who has a link is no account

	"getMe": {action: policy.ReadCommon, tries: list("/me")}, "getCodes": {action: policy.ReadCommon, tries: list("/codes")},
	"getRights": {action: policy.ReadCommon, tries: list("/rights")}, "getDirectory": {action: policy.ReadCommon, tries: list("/directory")},
	"listCommunes": {action: policy.ReadCommon, tries: list("/communes?q=mont")},

	"createFlag":   {action: policy.CreateFlag, tries: flagging, elsewhere: http.StatusUnprocessableEntity},
	"listFlags":    {action: policy.ReadFlag, tries: list("/flags")},
	"getFlag":      {action: policy.ReadFlag, tries: flags("/flags/%s", nil)},
	"importFlags":  {action: policy.CreateFlag, tries: posted("/flags/import?programme=none", csvFile("cle\n")), elsewhere: http.StatusUnprocessableEntity},
	"exportFlags":  {action: policy.ReadFlag, tries: list("/flags/export?programme=none")},
	"listImports":  {action: policy.ReadCommon, tries: list("/imports")},
	"getImport":    {action: policy.ReadCommon, tries: followed},
	"validateFlag": {action: policy.ReviewFlag, tries: flags("/flags/%s/validate", object{})},

	"validateFlags":      {action: policy.ReviewFlag, tries: together},
	"returnFlag":         {action: policy.ReviewFlag, tries: flags("/flags/%s/return", object{"reason": " "})},
	"reclassifyFlag":     {action: policy.ReviewFlag, tries: flags("/flags/%s/reclassify", object{"institution": "caf"})},
	"dismissFlag":        {action: policy.ReviewFlag, tries: flags("/flags/%s/dismiss", object{"reason": "incoherent"})},
	"correctObservation": {action: policy.ReviewFlag, tries: flags("/flags/%s/correct-observation", object{"answers": contradiction})},
	"amendFlag":          {action: policy.AmendFlag, tries: flags("/flags/%s/amend", object{"answers": contradiction})}, // nobody shall be an author by it
	"withdrawFlag":       {action: policy.WithdrawFlag, tries: flags("/flags/%s/withdraw", object{})},
	"closeCampaign":      {action: policy.CloseCampaign, tries: closing},

	"closeFlag":      {action: policy.CloseFlag, tries: flags("/flags/%s/close", object{"outcome": "helped"})},
	"reopenFlag":     {action: policy.CloseFlag, tries: flags("/flags/%s/reopen", object{"reason": "Exemple"})},
	"transferFlag":   {action: policy.TransferFlag, tries: flags("/flags/%s/transfer", object{"desk": nowhere, "reason": "Exemple"})},
	"takeUpFlag":     {action: policy.TakeUpFlag, tries: flags("/flags/%s/take-up", object{})},
	"wishHelp":       {action: policy.WishHelp, tries: flags("/flags/%s/wish", object{})},
	"noteHelpAct":    {action: policy.HelpOnTheSpot, tries: flags("/flags/%s/help-acts", object{"kind": "explained", "mode": "phone"})},
	"sendSignal":     {action: policy.SendSignal, tries: flags("/flags/%s/signals", object{"to_desk": nowhere, "topic": "account"})},
	"answerSignal":   {action: policy.AnswerSignal, tries: answeringSignals},
	"getToday":       {action: policy.ReadPerson, tries: atDesks("/desks/%s/today")},
	"listLastSeats":  {action: policy.Refer, tries: atDesks("/sessions/last-seats?desk=%s")},
	"listSeatOffers": {action: policy.Refer, tries: atDesks("/desks/%s/seat-offers")},
	"listSignals":    {action: policy.ReadSignals, tries: atDesks("/desks/%s/signals")},
	"countRefusal":   {action: policy.CreateFlag, tries: posted("/flags/refusals", object{"programme": "none", "finding_date": "2026-01-15"})},
	"countEnquiry":   {action: policy.CreateFlag, tries: posted("/enquiries", object{"desk": nowhere, "insee": "34172", "topic": "place"})},
	"listDrafts":     {action: policy.CreateFlag, tries: list("/flags/drafts")},
	"getDraft":       {action: policy.CreateFlag, tries: posted("/flags/drafts/"+nowhere, nil)},
	"saveDraft":      {action: policy.CreateFlag, tries: posted("/flags/drafts/"+nowhere, object{"sheet": object{}})},
	"deleteDraft":    {action: policy.CreateFlag, tries: list("/flags/drafts/" + someOther)},
	"listOffers":     {action: policy.ReadOffers, tries: flags("/flags/%s/offers", nil)},

	"searchPersons": {action: policy.SearchPerson, tries: posted("/persons/search", object{"name": "Exemple"})},
	"readJourney":   {action: policy.ReadJourney, tries: journeys},
	"getPerson":     {action: policy.ReadPerson, tries: persons("/persons/%s", nil)},
	"correctPerson": {action: policy.CorrectPerson, tries: persons("/persons/%s/correct", object{"person": object{"given_name": "Testine", "family_name": "Exemple", "phone": "+33465719950"}})},
	"mergePersons":  {action: policy.MergePersons, tries: persons("/persons/%s/merge", object{"other_id": nowhere})},
	"partPersons":   {action: policy.MergePersons, tries: persons("/persons/%s/part", object{"other_id": nowhere})},
	"movePerson":    {action: policy.MovePerson, tries: persons("/persons/%s/move", object{"address": object{}})},
	"tellDeath":     {action: policy.TellDeath, tries: persons("/persons/%s/deceased", object{"on": "2999-01-01"})},
	"undoDeath":     {action: policy.TellDeath, tries: persons("/persons/%s/deceased/undo", object{})},
	"noteConsent":   {action: policy.NoteConsent, tries: persons("/persons/%s/consents", object{"kind": "sms", "given": true, "channel": "oral"})},
	"objectPerson":  {action: policy.ObjectPerson, tries: persons("/persons/%s/object", object{})},
	"linkPersons":   {action: policy.LinkPersons, tries: persons("/persons/%s/links", object{"person_id": nowhere, "kind": "household"})},
	"noteWishes":    {action: policy.NoteWishes, tries: persons("/persons/%s/wishes", object{"paper_only": true})},

	"createReferral":    {action: policy.Refer, tries: referring},
	"withdrawReferral":  {action: policy.Refer, tries: referrals("/referrals/%s/withdraw", object{"reason": "date"})},
	"issuePlaceLink":    {action: policy.Refer, tries: referrals("/referrals/%s/place-link", object{})},
	"followUpReferral":  {action: policy.Refer, tries: referrals("/referrals/%s/follow-up", object{"result": "helped"})},
	"undoReferral":      {action: policy.Refer, tries: referrals("/referrals/%s/undo", object{"reason": "Exemple"})},
	"noteContact":       {action: policy.NoteContact, tries: persons("/persons/%s/contacts", object{"direction": "out", "channel": "phone", "outcome": "not_reached"})},
	"letterPrinted":     {action: policy.NoteContact, tries: lettersDue("/printed", object{})},
	"letterReturned":    {action: policy.NoteContact, tries: lettersDue("/returned", object{})},
	"listLetters":       {action: policy.Refer, tries: list("/letters")},
	"getLetter":         {action: policy.Refer, tries: lettersDue("", nil)},
	"listReferrals":     {action: policy.ReadReferral, tries: list("/referrals")},
	"getReferral":       {action: policy.ReadReferral, tries: referrals("/referrals/%s", nil)},
	"getReferralLetter": {action: policy.Refer, tries: referrals("/referrals/%s/letter", nil)},
	"explainReferral":   {action: policy.ReadReferral, tries: referrals("/referrals/%s/why", nil)},

	"createSession":    {action: policy.PlanSession, tries: planning, elsewhere: http.StatusUnprocessableEntity},
	"listSessions":     {action: policy.ReadSession, tries: list("/sessions")},
	"getSession":       {action: policy.ReadSession, tries: sessions("/sessions/%s", nil)},
	"listParticipants": {action: policy.ReadSeats, tries: sessions("/sessions/%s/participants", nil)},
	"acceptRequest":    {action: policy.AnswerRequest, tries: requests("accept", object{})},
	"declineRequest":   {action: policy.AnswerRequest, tries: requests("decline", object{"reason": "dates"})},
	"studyRequest":     {action: policy.AnswerRequest, tries: requests("study", object{})},
	"issueLink":        {action: policy.Refer, tries: linking},
	"getSessionCode":   {action: policy.PlanSession, tries: sessions("/sessions/%s/code", nil)},

	"openSession":       {action: policy.PlanSession, tries: sessions("/sessions/%s/open", object{})},
	"confirmSession":    {action: policy.PlanSession, tries: sessions("/sessions/%s/confirm", object{})},
	"closeRegistration": {action: policy.PlanSession, tries: sessions("/sessions/%s/close-registration", object{})},
	"closeSession":      {action: policy.AnswerRequest, tries: sessions("/sessions/%s/close", object{})},
	"setCapacity":       {action: policy.PlanSession, tries: sessions("/sessions/%s/capacity", object{"capacity": 0, "reason": "other"})},
	"rescheduleSession": {action: policy.PlanSession, tries: sessions("/sessions/%s/reschedule", object{"meetings": []object{}, "reason": "other"})},
	"amendSession":      {action: policy.PlanSession, tries: sessions("/sessions/%s/amend", object{"minimum": 9999})},
	"cancelMeeting":     {action: policy.PlanSession, tries: sessions("/sessions/%s/meetings/1/cancel", object{"reason": "other"})},
	"cancelSession":     {action: policy.PlanSession, tries: sessions("/sessions/%s/cancel", object{"reason": "other"})},
	"adaptSession":      {action: policy.PlanSession, tries: sessions("/sessions/%s/adapt", object{"mode": "video", "reason": "other"})},
	"setOwnSeats":       {action: policy.PlanSession, tries: sessions("/sessions/%s/own-participants", object{"seats": 0})},
	"setRelay":          {action: policy.PlanSession, tries: sessions("/sessions/%s/relays", object{"place_id": nowhere, "seats": 6})},
	"filePaper":         {action: policy.AnswerRequest, tries: sessions("/sessions/%s/papers/evaluation", object{"title": "Exemple"})},
	"linkRecording":     {action: policy.AnswerRequest, tries: sessions("/sessions/%s/recording", object{"url": nil})},
	"presentServices":   {action: policy.AnswerRequest, tries: sessions("/sessions/%s/services", object{"services": []string{}})},
	"recordAttendance":  {action: policy.AnswerRequest, tries: sessions("/sessions/%s/attendance", object{"meeting": 1, "participants": []object{}})},
	"noteNoShow":        {action: policy.AnswerRequest, tries: taking("no-show", object{})},
	"dropParticipant":   {action: policy.AnswerRequest, tries: taking("drop", object{"reason": "health"})},
	"removeParticipant": {action: policy.AnswerRequest, tries: taking("remove", object{"reason": "moved"})},
	"undoParticipant":   {action: policy.AnswerRequest, tries: taking("undo", object{"reason": "other"})},
	"recordOutcome": {action: policy.AnswerRequest, tries: taking("outcome",
		object{"completed": true, "account_created": true, "portal_consulted": true, "mailbox_created": true})},
	"takeSeatOffer":       {action: policy.Refer, tries: seatOffers("take")},
	"passSeatOffer":       {action: policy.Refer, tries: seatOffers("pass")},
	"noteOfferNotReached": {action: policy.Refer, tries: seatOffers("not-reached")},

	"getInbox":         {action: policy.AnswerRequest, tries: providers("/providers/%s/inbox")},
	"listProviders":    {action: policy.ReadSession, tries: list("/providers")},
	"createProvider":   {action: policy.RegisterProvider, tries: registering},
	"inviteToProvider": {action: policy.InviteProvider, tries: providersSaid("/providers/%s/invitations", object{"email": "camille@exemple", "name": "Camille Exemple"})},

	"amendProvider": {action: policy.AmendProvider, tries: providersSaid("/providers/%s/amend", object{"name": "Exemple", "insee": "34172"})},
	"labelProvider": {action: policy.RegisterProvider, tries: providersSaid("/providers/%s/labels", object{"label": "autonomie_numerique", "version": "2019", "from": "2021-01-01"})},
	"closeProvider": {action: policy.RegisterProvider, tries: providersSaid("/providers/%s/close", object{"reason": "stopped"})},

	"listPlaces":           {action: policy.ReadSession, tries: list("/places")},
	"getPlace":             {action: policy.ReadSession, tries: ofPlace("/places/%s", nil)},
	"listPlaceReports":     {action: policy.AmendProvider, tries: ofPlace("/places/%s/reports", nil)},
	"getPlaceCompleteness": {action: policy.ReadSession, tries: list("/places/completeness")},
	"exportPlaces":         {action: policy.ReadSession, tries: list("/places/export")},
	"importPlaces":         {action: policy.RegisterProvider, tries: posted("/places/import", csvFile("id,nom\n"))},
	"createPlace":          {action: policy.RegisterProvider, tries: registeringPlace},
	"amendPlace":           {action: policy.AmendProvider, tries: ofPlace("/places/%s/amend", object{"name": "Exemple", "insee": "34172", "provider_id": "provider-a"})},
	"reportPlace":          {action: policy.ReportPlace, tries: ofPlace("/places/%s/report", object{"reason": "closed"})},
	"closePlace":           {action: policy.RegisterProvider, tries: ofPlace("/places/%s/close", object{"reason": "closed"})},

	"createItem": {action: policy.RegisterItem, tries: stocking, elsewhere: http.StatusUnprocessableEntity},
	"listItems":  {action: policy.ReadItem, tries: list("/equipment/items")},
	"listLoans":  {action: policy.ReadItem, tries: list("/equipment/loans")},

	"listItemLabels": {action: policy.ReadItem, tries: list("/equipment/items/labels")},

	"handOverLoan": {action: policy.HandOver, tries: loans("/equipment/loans/%s/hand-over", object{})},
	"returnLoan":   {action: policy.HandOver, tries: loans("/equipment/loans/%s/return", object{})},

	"getItem":      {action: policy.ReadItem, tries: lendables("/equipment/items/%s", nil)},
	"foundItem":    {action: policy.RegisterItem, tries: lendables("/equipment/items/%s/found", object{})},
	"transferItem": {action: policy.RegisterItem, tries: transferring},

	"resetItem":  {action: policy.RegisterItem, tries: lendables("/equipment/items/%s/reset", object{})},
	"repairItem": {action: policy.RegisterItem, tries: lendables("/equipment/items/%s/repair", object{"reason": "screen"})},
	"retireItem": {action: policy.RegisterItem, tries: lendables("/equipment/items/%s/retire", object{"reason": "sold"})},

	"takeStock":          {action: policy.RegisterItem, tries: counting, elsewhere: http.StatusUnprocessableEntity},
	"importItems":        {action: policy.RegisterItem, tries: posted("/equipment/imports?dry_run=true", csvFile("asset_tag,kind\n"))},
	"listStocktakes":     {action: policy.ReadItem, tries: list("/equipment/stocktakes")},
	"getCalendar":        {action: policy.ReadItem, tries: list("/equipment/calendar?pool=provider-a")},
	"listLoanQueue":      {action: policy.ReadItem, tries: list("/equipment/queue?pool=provider-a")},
	"getLoanSlip":        {action: policy.ReadItem, tries: loans("/equipment/loans/%s/slip", nil)},
	"getSignInSheet":     {action: policy.ReadSeats, tries: sessions("/sessions/%s/sign-in", nil)},
	"getLoan":            {action: policy.ReadItem, tries: loans("/equipment/loans/%s", nil)},
	"askLoan":            {action: policy.HandOver, tries: asking, elsewhere: http.StatusUnprocessableEntity},
	"swapLoan":           {action: policy.HandOver, tries: loans("/equipment/loans/%s/swap", object{"asset_tag": "EXEMPLE-MATRICE", "condition": "good"})},
	"extendLoan":         {action: policy.HandOver, tries: loans("/equipment/loans/%s/extend", object{"to": "2020-01-01"})},
	"loseLoan":           {action: policy.HandOver, tries: loans("/equipment/loans/%s/lost", object{"reason": "stolen"})},
	"writeOffLoan":       {action: policy.HandOver, tries: loans("/equipment/loans/%s/written-off", object{"decision": " "})},
	"releaseLoan":        {action: policy.HandOver, tries: loans("/equipment/loans/%s/release", object{})},
	"createEnvelope":     {action: policy.ManageFunding, tries: posted("/envelopes", object{"name": "Exemple", "source": "none", "from": "2021-01-01", "amount_cents": 1})},
	"listEnvelopes":      {action: policy.ReadFunding, tries: list("/envelopes")},
	"createCall":         {action: policy.ManageFunding, tries: posted("/calls", object{"name": "Exemple", "opens": "2021-01-02", "closes": "2021-01-01"})},
	"listCalls":          {action: policy.ReadCall, tries: list("/calls")},
	"getCall":            {action: policy.ReadCall, tries: ofMoney("/calls/%s", nil, theCall)},
	"proposeProject":     {action: policy.ProposeProject, tries: proposing},
	"listProjects":       {action: policy.ReadProject, tries: list("/projects")},
	"getProject":         {action: policy.ReadProject, tries: ofProject("/projects/%s", nil)},
	"reportProject":      {action: policy.ProposeProject, tries: ofProject("/projects/%s/report", object{"reached": 1, "finished": 2, "autonomous": 0})},
	"getReportDraft":     {action: policy.ReadProject, tries: ofProject("/projects/%s/report/draft", nil)},
	"getProjectCriteria": {action: policy.ReadProject, tries: ofProject("/projects/%s/criteria", nil)},
	"getTargets":         {action: policy.ReadProject, tries: list("/dashboard/targets")},
	"noteStructure":      {action: policy.ManageFunding, tries: posted("/structures", object{"name": "Exemple", "provider_id": nowhere})},
	"listStructures":     {action: policy.ReadProject, tries: list("/structures")},
	"createCommittee": {action: policy.ManageFunding, tries: posted("/committees",
		object{"date": "2021-05-06", "agenda": []object{{"kind": "decision", "label": "Exemple", "project_id": nowhere}}})},
	"listCommittees":   {action: policy.ReadFunding, tries: list("/committees")},
	"getCommittee":     {action: policy.ReadFunding, tries: ofMoney("/committees/%s", nil, theCommittee)},
	"getCommitteeFile": {action: policy.ReadFunding, tries: ofMoney("/committees/%s/file", nil, theCommittee)},
	"voteProject":      {action: policy.ManageFunding, tries: ofMoney("/committees/%s/votes", object{"project_id": nowhere, "vote": "postponed"}, theCommittee)},
	"fileMinutes":      {action: policy.ManageFunding, tries: ofMoney("/committees/%s/minutes", object{"reference": "EXEMPLE"}, theCommittee)},
	"createDecision": {action: policy.ManageFunding, tries: posted("/decisions",
		object{"date": "2021-05-06", "total_cents": 2, "lines": []object{{"label": "Exemple", "amount_cents": 1}}})},
	"listDecisions":    {action: policy.ReadFunding, tries: list("/decisions")},
	"getDecision":      {action: policy.ReadFunding, tries: ofMoney("/decisions/%s", nil, theDecision)},
	"listPayments":     {action: policy.ReadFunding, tries: list("/payments")},
	"listRecoveries":   {action: policy.ReadFunding, tries: list("/recoveries")},
	"createPayment":    {action: policy.ManageFunding, tries: posted("/payments", object{"decision": nowhere, "amount_cents": 1, "date": "2021-05-06"})},
	"createRecovery":   {action: policy.ManageFunding, tries: posted("/recoveries", object{"decision": nowhere, "amount_cents": 1, "date": "2021-05-06", "reason": "other"})},
	"quoteTablets":     {action: policy.ReadProject, tries: posted("/subsidies/tablets/quote", object{"call": nowhere, "structure": "none", "tablets": 1})},
	"subsidiseTablets": {action: policy.ManageFunding, tries: posted("/subsidies/tablets", object{"call": nowhere, "structure": "none", "tablets": 1, "decision": nowhere})},
	"getFunding":       {action: policy.ReadFunding, tries: list("/dashboard/funding")},

	"listMemberships":   {action: policy.ReadMembership, tries: list("/memberships")},
	"reviewMemberships": {action: policy.ReadMembership, tries: list("/memberships/review")},
	"createMembership":  {action: policy.ManageMembership, tries: posted("/memberships", object{"account": "nobody", "role": "advisor", "scope": nowhereAtAll})},
	"createInvitation":  {action: policy.ManageMembership, tries: posted("/invitations", object{"email": "camille@exemple.example", "name": "Camille Exemple", "role": "advisor", "scope": nowhereAtAll})},
	"endMembership":     {action: policy.ManageMembership, tries: ending},

	"listDesks":                {action: policy.ManageDirectory, tries: list("/desks")},
	"listOrganisations":        {action: policy.ManageDirectory, tries: list("/organisations")},
	"listUnitsWithoutReferent": {action: policy.ManageDirectory, tries: list("/units/without-referent")},
	"createDesk":               {action: policy.ManageDirectory, tries: posted("/desks", object{"kind": "agency", "name": "Agence Exemple", "departments": abroad})},
	"createUnit":               {action: policy.ManageDirectory, tries: posted("/units", object{"name": "Exemple", "departments": abroad})},
	"createOrganisation":       {action: policy.ManageDirectory, tries: posted("/organisations", object{"kind": "funder", "name": "Exemple", "department": "75"})},
	"amendDesk":                {action: policy.ManageDirectory, tries: managing("/desks/%s/amend", object{"name": "Exemple", "departments": abroad}, "montpellier", "nevers")},
	"amendUnit":                {action: policy.ManageDirectory, tries: managing("/units/%s/amend", object{"name": "Exemple", "departments": abroad}, aUnit, "nievre")},
	"amendOrganisation":        {action: policy.ManageDirectory, tries: managing("/organisations/%s/amend", object{"name": "Exemple", "department": "75"}, aFunder, "provider-58")},
	"amendFund": {action: policy.ManageDirectory, tries: managing("/funds/%s/amend",
		object{"name": "Carsat Languedoc-Roussillon", "departments": []string{"11", "30", "34", "48", "66"}, "erasure_days": 3}, "carsat-lr", "carsat-bfc")},
	"closeDesk":         {action: policy.ManageDirectory, tries: managing("/desks/%s/close", object{}, "narbonne", "nevers")},
	"closeUnit":         {action: policy.ManageDirectory, tries: managing("/units/%s/close", object{}, aUnit, "nievre")},
	"closeOrganisation": {action: policy.ManageDirectory, tries: managing("/organisations/%s/close", object{}, aFunder, "provider-58")},

	"listProgrammes":   {action: policy.ReadProgramme, tries: list("/programmes")},
	"getProgramme":     {action: policy.ReadProgramme, tries: managing("/programmes/%s", nil, "reperage-lr", "accompagnement-bfc")},
	"getProgrammeForm": {action: policy.ReadProgramme, tries: managing("/programmes/%s/form", nil, "reperage-lr", "accompagnement-bfc")},
	"createProgramme":  {action: policy.ManageProgramme, tries: posted("/programmes", programme(nil))},
	"amendProgramme":   {action: policy.ManageProgramme, tries: managing("/programmes/%s/amend", programme(1), "reperage-lr", "accompagnement-bfc")},

	"listGrants":         {action: policy.ReadGrant, tries: list("/grants")},
	"openGrant":          {action: policy.ManageProgramme, tries: posted("/grants", object{"programme": "exemple", "decision": "", "quota": 1, "from": "2021-01-01", "to": "2021-12-31"})},
	"listEntitlements":   {action: policy.ReadEntitlement, tries: list("/entitlements")},
	"getEntitlement":     {action: policy.ReadEntitlement, tries: entitlements("/entitlements/%s", nil)},
	"listAppointments":   {action: policy.Accompany, tries: list("/appointments")},
	"requestEntitlement": {action: policy.AskEntitlement, tries: entitling, elsewhere: http.StatusUnprocessableEntity},
	"approveEntitlement": {action: policy.ApproveEntitlement, tries: entitlements("/entitlements/%s/approve", object{})},
	"refuseEntitlement":  {action: policy.ApproveEntitlement, tries: entitlements("/entitlements/%s/refuse", object{"reason": "other"})},
	"nameCoach":          {action: policy.ApproveEntitlement, tries: entitlements("/entitlements/%s/coach", object{})},
	"giveItem":           {action: policy.ApproveEntitlement, tries: entitlements("/entitlements/%s/give-item", object{"asset_tag": "EXEMPLE-INCONNU"})},
	"beginConnection":    {action: policy.ApproveEntitlement, tries: entitlements("/entitlements/%s/connection", object{"starts_on": "2021-11-15"})},
	"useHours":           {action: policy.Accompany, tries: entitlements("/entitlements/%s/hours", object{"minutes": 1, "date": "2020-01-01"})},
	"makeAppointment":    {action: policy.Accompany, tries: entitlements("/entitlements/%s/appointments", object{"starts_at": "2020-01-01T09:00:00Z", "minutes": 0, "place": "home"})},
	"keepAppointment":    {action: policy.Accompany, tries: entitlements("/entitlements/%s/appointments/1/done", object{"minutes": 0})},
	"moveAppointment":    {action: policy.Accompany, tries: entitlements("/entitlements/%s/appointments/1/move", object{"starts_at": "2020-01-01T09:00:00Z", "minutes": 0, "place": "home"})},
	"missAppointment":    {action: policy.Accompany, tries: entitlements("/entitlements/%s/appointments/1/missed", object{"reason": "ill"})},
	"releaseEntitlement": {action: policy.ApproveEntitlement, tries: entitlements("/entitlements/%s/release", object{"reason": "moved"})},
	"endEntitlement":     {action: policy.ApproveEntitlement, tries: entitlements("/entitlements/%s/end", object{"reason": "moved"})},

	"listAccesses":         {action: policy.ReadAccesses, tries: list("/accesses")},
	"listBusyLookups":      {action: policy.ReadAccesses, tries: list("/accesses/busy")},
	"listAccessesOfPerson": {action: policy.ReadAccesses, tries: persons("/persons/%s/accesses", nil)},
	"exportPerson":         {action: policy.ExportPerson, tries: persons("/persons/%s/export", nil)},
	"erasePerson":          {action: policy.ErasePerson, tries: erasing},
	"restorePerson":        {action: policy.UndoErasure, tries: persons("/persons/%s/restore", object{})},
	"listRetention":        {action: policy.ErasePerson, tries: list("/persons/retention")},

	"getFunnel":   {action: policy.ReadFunnel, tries: list("/dashboard/funnel")},
	"getCapacity": {action: policy.ReadCapacity, tries: list("/dashboard/capacity")},
	"getOutcomes": {action: policy.ReadOutcomes, tries: list("/dashboard/outcomes")},
	"getActivity": {action: policy.ReadOutcomes, tries: list("/dashboard/activity")},
	"getUnmet":    {action: policy.ReadUnmet, tries: list("/dashboard/unmet?insee=34172")},

	"getObservatory":        {action: policy.ReadObservatory, tries: list("/observatory")},
	"listPublishedTables":   {action: policy.ReadPublished, tries: list("/observatory/tables")},
	"listRecommendations":   {action: policy.ReadRecommendation, tries: list("/recommendations")},
	"proposeRecommendation": {action: policy.ProposeRecommendation, tries: recommending, elsewhere: http.StatusUnprocessableEntity},
	"moveRecommendation":    {action: policy.MoveRecommendation, tries: deciding},
}

// forAll are the operations that refuse no role on purpose.
var forAll = []string{"getMe", "getCodes", "getRights", "getDirectory", "listCommunes", "listProgrammes", "getProgramme", "getProgrammeForm", "listImports", "getImport"}

type object = map[string]any

const nowhere = "01939d2c-0000-7000-8000-000000000000"

func TestEveryOperationIsInTheMatrix(t *testing.T) {
	if missing := withoutOffer(openapi.Operations()); missing != nil {
		t.Errorf("not in the matrix: %v; add them to offers", missing)
	}
	for id, o := range offers {
		known := slices.ContainsFunc(openapi.Operations(), func(op openapi.Operation) bool { return op.ID == id && op.Bearer == (o.action != "") })
		if !known {
			t.Errorf("%s is in the matrix, and no such operation in the document, or it is public in one of the two", id)
		}
	}
	if found := withoutOffer(append(openapi.Operations(), openapi.Operation{ID: "planted"})); !slices.Equal(found, []string{"planted"}) {
		t.Errorf("a route that is missing is not found: %v", found)
	}
}

func withoutOffer(operations []openapi.Operation) (missing []string) {
	for _, op := range operations {
		if _, ok := offers[op.ID]; !ok {
			missing = append(missing, op.ID)
		}
	}
	return missing
}

// TestEveryRoleOnEveryRoute asks each operation as each role, for each of its resources, and compares with the policy.
func TestEveryRoleOnEveryRoute(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	m := matrix{h: h, estate: h.laidOut(), callers: map[string]*caller{}}
	for _, a := range oneOfEachRole() {
		m.callers[a.ID] = h.as(a.ID)
		m.callers[a.ID].learn(h.as("advisor-34"))
	}
	for _, fault := range m.check(m.ask) {
		t.Error(fault)
	}
	t.Logf("%d roles × %d routes = %d pairs, %d requests: %d allowed, %d 403, %d 404, %d 422 of what a body names elsewhere",
		len(directory.Roles), m.routes, len(directory.Roles)*m.routes, m.asked, m.allowed, m.refused, m.hidden, m.elsewhere)
	t.Logf("public: %v; open to every role: %v", public(), forAll)
	t.Run("a handler without its check is found", func(t *testing.T) {
		for op, as := range map[string]string{"validateFlag": "referent-34", "getFlag": "advisor-30", "getInbox": "provider-b", "listLoans": "equipment-lr"} {
			planted := matrix{h: h, estate: m.estate, callers: m.callers, only: op}
			faults := planted.check(func(_ directory.Account, o openapi.Operation, t try) int {
				return m.ask(directory.Account{ID: as}, o, t)
			})
			if len(faults) == 0 || !strings.Contains(faults[0], op) {
				t.Errorf("%s answers everybody as it answers %s, and nothing is found: %v", op, as, faults)
			}
		}
	})
	h.stop()
}

func public() (list []string) {
	for _, op := range openapi.Operations() {
		if !op.Bearer {
			list = append(list, op.ID)
		}
	}
	return list
}

// oneOfEachRole is an account of Languedoc-Roussillon for each role.
func oneOfEachRole() (list []directory.Account) {
	for _, role := range directory.Roles {
		i := slices.IndexFunc(sample.Accounts(), func(a sample.Account) bool { return a.Role == role && a.Fund == "carsat-lr" })
		a, _ := sample.Find(sample.Accounts()[i].ID)
		list = append(list, a)
	}
	return list
}

type matrix struct {
	h       *house
	estate  *estate
	callers map[string]*caller
	only    string

	routes, asked, allowed, refused, hidden, elsewhere int
}

func (m *matrix) ask(a directory.Account, op openapi.Operation, t try) int {
	c, ok := m.callers[a.ID]
	if !ok {
		c = m.h.as(a.ID)
		m.callers[a.ID] = c
	}
	answer, err := c.try(op.Method, t.path, t.body)
	if err != nil {
		m.h.Fatal(err)
	}
	return answer.status
}

// check gives every answer that the policy does not give, and every route that refuses nobody or everybody.
func (m *matrix) check(ask func(directory.Account, openapi.Operation, try) int) (faults []string) {
	for _, op := range openapi.Operations() {
		o := offers[op.ID]
		if o.tries == nil || m.only != "" && m.only != op.ID {
			continue
		}
		m.routes++
		yes, no := 0, 0
		for _, a := range oneOfEachRole() {
			for _, t := range o.tries(m.estate) {
				m.asked++
				got, want := ask(a, op, t), o.expected(a, t)
				if !slices.Contains(want, got) {
					faults = append(faults, fmt.Sprintf("%s as %s, %s %s: %d, not one of %v", op.ID, a.ID, op.Method, t.path, got, want))
				}
				switch {
				case len(want) > 1:
					yes, m.allowed = yes+1, m.allowed+1
				case want[0] == http.StatusForbidden:
					no, m.refused = no+1, m.refused+1
				case want[0] == http.StatusNotFound:
					m.hidden++
				default:
					m.elsewhere++
				}
			}
		}
		if yes == 0 || no == 0 && !slices.Contains(forAll, op.ID) {
			faults = append(faults, fmt.Sprintf("%s: %d are allowed and %d are refused", op.ID, yes, no))
		}
	}
	return faults
}

// expected is what the policy says: several statuses where the request may go on, to be refused for what it asks.
func (o offer) expected(a directory.Account, t try) []int {
	elsewhere := max(o.elsewhere, http.StatusNotFound)
	if !policy.May(a, o.action) {
		return []int{http.StatusForbidden}
	}
	if t.unknown || t.mine != "" && t.mine != a.ID {
		return []int{elsewhere}
	}
	switch policy.Can(a, o.action, t.on(a)) {
	case policy.Allowed:
		return []int{http.StatusOK, http.StatusCreated, http.StatusNoContent, http.StatusAccepted, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity}
	case policy.Elsewhere:
		return []int{elsewhere}
	default:
		return []int{http.StatusForbidden}
	}
}

func is(on policy.Resource) func(directory.Account) policy.Resource {
	return func(directory.Account) policy.Resource { return on }
}

// own is what the account has every right on that its role gives.
func own(a directory.Account) policy.Resource {
	on := policy.Resource{Fund: a.Fund, Department: "34", Author: a.ID}
	for _, g := range a.Grants {
		if len(g.Desks) > 0 {
			on.Desk = g.Desks[0]
		}
		on.Provider, on.Pool = g.Provider, g.Pool
	}
	if on.Desk == "" {
		on.Desk = "montpellier" // of which a card is shown
	}
	if on.Pool == "" {
		on.Pool = on.Desk
	}
	return on
}
