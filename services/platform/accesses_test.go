package platform_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/paris"
	"example.org/passerelle/services/portal/browsertest"
)

// access is a row of the access log, as it stands there.
type access struct {
	Service, Actor, Role, Fund, Purpose, Action, What, Resource, Request string
	Subjects, Fields                                                     []string
}

// accesses are the rows that a request left.
func (h *house) accesses(db *pgx.Conn, request string) []access {
	h.Helper()
	rows, err := db.Query(context.Background(), `select service, actor, role, fund, purpose, action, what, resource, request, subjects, fields
		from accesslog.entry where request = $1`, request)
	if err != nil {
		h.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[access])
	if err != nil {
		h.Fatal(err)
	}
	return list
}

// marked are the operations of the document that give or take personal data, with what the mark says.
func marked(t *testing.T) map[string][2]string {
	t.Helper()
	var document struct {
		Paths map[string]map[string]struct {
			ID       string                            `json:"operationId"`
			Personal *struct{ Action, Purpose string } `json:"x-personal"`
		}
	}
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	list := map[string][2]string{}
	for _, methods := range document.Paths {
		for _, o := range methods {
			if o.Personal != nil {
				list[o.ID] = [2]string{o.Personal.Action, o.Personal.Purpose}
			}
		}
	}
	return list
}

// watching calls operations and looks at what each left in the access log.
type watching struct {
	*house
	db   *pgx.Conn
	left map[string][2]string // marked operations that nobody has called yet
}

func (w watching) want(operation string, r reply, subjects ...string) {
	w.Helper()
	mark, ok := w.left[operation]
	if !ok {
		w.Errorf("%s is not marked, or was called before", operation)
	}
	delete(w.left, operation)
	rows := w.accesses(w.db, r.header.Get("X-Request-Id"))
	if len(rows) != 1 {
		w.Errorf("%s left %d rows", operation, len(rows))
		return
	}
	row := rows[0]
	slices.Sort(row.Subjects)
	slices.Sort(subjects)
	if row.What != operation || row.Action != mark[0] || row.Purpose != mark[1] || row.Actor == "" || row.Role == "" || row.Fund == "" || !slices.Equal(row.Subjects, subjects) {
		w.Errorf("%s left %+v, want %v", operation, row, subjects)
	}
}

func TestEveryOperationWithPersonalDataLeavesWhomItTouched(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	w := watching{h, h.database(), marked(t)}
	advisor, referent, provider, equipment := h.as("advisor-34"), h.as("referent-58"), h.as("provider-a"), h.as("equipment-lr")

	equipment.post(201, "/equipment/items", tablet("EX-0001"))
	equipment.post(201, "/equipment/items", tablet("EX-0002"))
	session := provider.post(201, "/sessions", workshop(5)).text("id")
	wishes := senior(1)
	wishes["needs"] = map[string]any{"loan_wanted": true}
	flag := advisor.post(201, "/flags", wishes)
	one := flag.text("person_id")
	w.want("createFlag", flag, one)
	two := advisor.post(201, "/flags", senior(2))
	theirs := advisor.get("/flags")
	w.want("listFlags", theirs, one, two.text("person_id"))
	w.want("exportFlags", advisor.get("/flags/export?programme=reperage-lr"), one, two.text("person_id"))
	w.want("importFlags", h.as("advisor-58").post(200, "/flags/import?programme=observation-bfc-2020&dry_run=true", paperOf2020(t)))
	w.want("getFlag", advisor.get("/flags/"+flag.text("id")), one)
	w.want("getPerson", advisor.get("/persons/"+one), one)
	found := advisor.post(200, "/persons/search", map[string]any{"name": "Exemple-Imaginaire-1", "phone": "+33465710001"})
	w.want("searchPersons", found, one)
	if rows := h.accesses(w.db, found.header.Get("X-Request-Id")); !slices.Equal(rows[0].Fields, []string{"name", "phone"}) {
		t.Error("search:", rows[0].Fields)
	}

	advisor.learn(provider)
	asked := map[string]any{"flag_id": flag.text("id"), "session_id": session}
	referral := advisor.post(201, "/referrals", asked, "Idempotency-Key", "again")
	w.want("createReferral", referral, one)
	again := advisor.post(201, "/referrals", asked, "Idempotency-Key", "again")
	if rows := h.accesses(w.db, again.header.Get("X-Request-Id")); again.text("id") != referral.text("id") || len(rows) != 1 || !slices.Equal(rows[0].Subjects, []string{one}) {
		t.Errorf("repetition: %+v", rows)
	}
	other := advisor.post(201, "/referrals", map[string]any{"flag_id": two.text("id"), "session_id": session})
	caller := h.as("phone-lr")
	caller.learn(advisor)
	w.left["readJourney"] = [2]string{"read", "helper_calls"} // the reason that was given, instead of the purpose of the operation
	w.want("readJourney", caller.post(200, "/persons/journey", map[string]any{"reference": two.text("reference"), "reason": "helper_calls"}), two.text("person_id"))
	w.want("listReferrals", advisor.get("/referrals"), one, two.text("person_id"))
	w.want("getReferral", advisor.get("/referrals/"+referral.text("id")), one)
	w.want("listLastSeats", advisor.get("/sessions/last-seats?desk=montpellier"))
	w.want("explainReferral", advisor.get("/referrals/"+referral.text("id")+"/why"), one)
	var inbox reply
	h.until(func() bool { inbox = provider.get("/providers/provider-a/inbox"); return len(inbox.items()) == 2 })
	w.want("getInbox", inbox, one, two.text("person_id"))
	requests := "/sessions/" + session + "/requests/"
	w.links(advisor, provider, session, referral.text("id"), one)
	w.want("studyRequest", provider.post(200, requests+referral.text("id")+"/study", map[string]any{}), one)
	w.want("acceptRequest", provider.post(200, requests+referral.text("id")+"/accept", map[string]any{}), one)
	w.want("declineRequest", provider.post(200, requests+other.text("id")+"/decline", map[string]any{"reason": "level"}), two.text("person_id"))
	w.want("listParticipants", provider.get("/sessions/"+session+"/participants"), one)
	w.want("getSignInSheet", provider.get("/sessions/"+session+"/sign-in"), one)
	var loans reply
	h.until(func() bool { loans = equipment.get("/equipment/loans"); return len(loans.items()) == 1 })
	w.want("listLoans", loans, one)
	loan, _ := loans.items()[0]["id"].(string)
	w.want("handOverLoan", provider.post(200, "/equipment/loans/"+loan+"/hand-over", map[string]any{}), one)
	w.loan(provider, equipment, loan, referral.text("id"), one)
	w.takesPart(provider, session, referral.text("id"), one)
	w.grants(advisor, equipment, provider, one, two.text("person_id"))
	later := provider.post(201, "/sessions", workshop(5)).text("id")
	advisor.learn(provider)
	other = advisor.post(201, "/referrals", map[string]any{"flag_id": two.text("id"), "session_id": later})
	w.want("withdrawReferral", advisor.post(200, "/referrals/"+other.text("id")+"/withdraw", map[string]any{"reason": "date"}), two.text("person_id"))

	w.offers(advisor, provider, flag, two)
	w.want("undoReferral", advisor.post(200, "/referrals/"+other.text("id")+"/undo", map[string]any{"reason": "Exemple"}), two.text("person_id"))
	address := advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "place_id": w.placeFor(advisor)})
	w.ofPlace(advisor, address.text("id"), one)
	advisor.post(200, "/referrals/"+address.text("id")+"/undo", map[string]any{"reason": "Exemple"})
	w.want("followUpReferral", advisor.post(200, "/referrals/"+address.text("id")+"/follow-up", map[string]any{"result": "helped"}), one)
	w.want("noteContact", advisor.post(201, "/persons/"+one+"/contacts", map[string]any{"direction": "out", "channel": "phone", "outcome": "reached"}), one)

	elsewhere := senior(3)
	delete(elsewhere, "channel")
	elsewhere["programme"], elsewhere["first_contact"], elsewhere["finding_date"] = "accompagnement-bfc", "social_worker", paris.Day(time.Now())
	nievre := h.as("advisor-58")
	third := nievre.post(201, "/flags", inNievre(elsewhere))
	w.reviews(nievre, referent, third)
	validated := referent.post(200, "/flags/"+third.text("id")+"/validate", map[string]any{})
	w.want("validateFlag", validated, third.text("person_id"))
	right := map[string]any{"profile": map[string]any{"family_situation": "couple"}}
	w.want("correctObservation", referent.post(200, "/flags/"+third.text("id")+"/correct-observation", right), third.text("person_id"))

	w.persons(advisor, one, two.text("person_id"))
	w.help(advisor)

	officer := h.as("privacy-lr")
	officer.learn(advisor)
	w.want("listAccesses", officer.get("/accesses"))
	w.want("listAccessesOfPerson", officer.get("/persons/"+one+"/accesses"), one)
	w.want("listBusyLookups", officer.get("/accesses/busy"))
	leaving := advisor.post(201, "/flags", senior(4)).text("person_id")
	officer.learn(advisor)
	w.want("exportPerson", officer.get("/persons/"+leaving+"/export"), leaving)
	w.want("erasePerson", officer.do(204, http.MethodDelete, "/persons/"+leaving, nil), leaving)
	w.want("listRetention", officer.get("/persons/retention"))
	w.want("restorePerson", officer.post(200, "/persons/"+leaving+"/restore", map[string]any{}), leaving)

	for operation := range w.left {
		t.Errorf("%s is marked, and this test does not call it", operation)
	}
	refused := h.as("advisor-34").do(404, http.MethodGet, "/flags/"+third.text("id"), nil)
	if rows := h.accesses(w.db, refused.header.Get("X-Request-Id")); len(rows) != 1 || rows[0].Action != "refused" || rows[0].Resource != "flag:"+third.text("id") {
		t.Errorf("refused: %+v", rows)
	}
	if said := h.mustOperate("accesslog", "verify"); !strings.Contains(said, "as they were written") {
		t.Error(said)
	}
	h.brokenAccessLogIsFound(w.db)
	h.stop()
}

// reviews does with a flag what a review can do, up to its end; another one is withdrawn, and one dismissed.
func (w watching) reviews(author, referent *caller, flag reply) {
	w.Helper()
	person := flag.text("person_id")
	path := "/flags/" + flag.text("id")
	w.want("returnFlag", referent.post(200, path+"/return", map[string]any{"reason": "Laquelle ?"}), person)
	author.learn(referent)
	w.want("amendFlag", author.post(200, path+"/amend", map[string]any{"note": "La première"}), person)
	referent.learn(author)
	w.want("reclassifyFlag", referent.post(200, path+"/reclassify", map[string]any{"institution": "caf"}), person)
	for n, operation := range []string{"withdrawFlag", "dismissFlag", "validateFlags"} {
		sheet := senior(30 + n)
		delete(sheet, "channel")
		sheet["programme"], sheet["first_contact"] = "accompagnement-bfc", "social_worker"
		other := author.post(201, "/flags", inNievre(sheet))
		referent.learn(author)
		var done reply
		switch path := "/flags/" + other.text("id"); operation {
		case "withdrawFlag":
			done = author.post(200, path+"/withdraw", map[string]any{})
		case "dismissFlag":
			done = referent.post(200, path+"/dismiss", map[string]any{"reason": "duplicate"})
		default:
			done = referent.post(200, "/flags/validate", map[string]any{"ids": []string{other.text("id")}})
		}
		w.want(operation, done, other.text("person_id"))
	}
}

// persons does with somebody what can be done.
func (w watching) persons(advisor *caller, one, two string) {
	w.Helper()
	does := func(operation, action string, body map[string]any, subjects ...string) {
		w.Helper()
		w.want(operation, advisor.post(200, "/persons/"+one+"/"+action, body), subjects...)
	}
	right := senior(1)["person"]
	does("correctPerson", "correct", map[string]any{"person": right}, one)
	does("movePerson", "move", map[string]any{"address": map[string]any{"street": "3 impasse de l'Invention", "postcode": "34000", "insee": "34172"}}, one)
	does("noteConsent", "consents", map[string]any{"kind": "sms", "given": true, "channel": "oral"}, one)
	does("noteWishes", "wishes", map[string]any{"paper_only": true}, one)
	does("linkPersons", "links", map[string]any{"person_id": two, "kind": "household"}, one, two)
	does("mergePersons", "merge", map[string]any{"other_id": two}, one, two)
	does("partPersons", "part", map[string]any{"other_id": two}, one, two)
	does("tellDeath", "deceased", map[string]any{}, one)
	does("undoDeath", "deceased/undo", map[string]any{}, one)
	does("objectPerson", "object", map[string]any{}, one)
}

// help does what is done for the person of a flag.
func (w watching) help(advisor *caller) {
	w.Helper()
	made := advisor.post(201, "/flags", senior(7))
	person := made.text("person_id")
	does := func(operation, action string, status int, body map[string]any) reply {
		w.Helper()
		answer := advisor.post(status, "/flags/"+made.text("id")+"/"+action, body)
		w.want(operation, answer, person)
		return answer
	}
	does("takeUpFlag", "take-up", 200, map[string]any{})
	w.want("listOffers", advisor.get("/flags/"+made.text("id")+"/offers"), person)
	does("wishHelp", "wish", 200, map[string]any{"skills": []string{"internet"}})
	does("noteHelpAct", "help-acts", 201, map[string]any{"kind": "explained", "mode": "phone", "topic": "Messagerie imaginaire"})
	does("closeFlag", "close", 200, map[string]any{"outcome": "helped"})
	does("reopenFlag", "reopen", 200, map[string]any{"reason": "A rappelé"})
	does("transferFlag", "transfer", 200, map[string]any{"desk": "sete", "reason": "Habite plus près"})

	worker, colleague := w.as("advisor-58"), w.as("advisor-21")
	sheet := senior(8)
	delete(sheet, "channel")
	sheet["programme"], sheet["first_contact"] = "accompagnement-bfc", "social_worker"
	theirs := worker.post(201, "/flags", inNievre(sheet))
	signal := worker.post(201, "/flags/"+theirs.text("id")+"/signals", map[string]any{"to_desk": "cote-dor", "topic": "account"})
	w.want("sendSignal", signal, theirs.text("person_id"))
	colleague.learn(worker)
	w.want("listSignals", colleague.get("/desks/cote-dor/signals"), theirs.text("person_id"))
	w.want("getToday", colleague.get("/desks/cote-dor/today"), theirs.text("person_id"))
	answer := map[string]any{"status": "done", "result": "Rendez-vous donné"}
	w.want("answerSignal", colleague.post(200, "/flags/"+theirs.text("id")+"/signals/"+signal.text("id")+"/answer", answer), theirs.text("person_id"))
}

// inNievre moves somebody to Nevers.
func inNievre(flag map[string]any) map[string]any {
	flag["person"].(map[string]any)["address"] = map[string]any{"street": "3 impasse de l'Invention", "postcode": "58000", "insee": "58194"}
	return flag
}

// brokenAccessLogIsFound changes a row as somebody with the database's password could.
func (h *house) brokenAccessLogIsFound(db *pgx.Conn) {
	h.Helper()
	ctx := context.Background()
	if _, err := db.Exec(ctx, `update accesslog.entry set actor = 'somebody' where position = 2`); err == nil {
		h.Error("a row of the access log was changed")
	}
	if _, err := db.Exec(ctx, `alter table accesslog.entry disable trigger user; update accesslog.entry set actor = 'somebody' where position = 2 and service = 'projections'`); err != nil {
		h.Fatal(err)
	}
	said, err := h.operator("accesslog", "verify")
	if err == nil || !strings.Contains(said, "projections") || !strings.Contains(said, "row 2") {
		h.Errorf("verify: %v: %s", err, said)
	}
	if said, err := h.operator("doctor"); err == nil || !strings.Contains(said, "BAD  access log of projections") {
		h.Errorf("doctor: %v: %s", err, said)
	}
}

func TestThePrivacyOfficersPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	flag := advisor.post(201, "/flags", senior(1))
	for n := 2; n < 24; n++ { // more than a page, and more than a few
		h.as("referent-34").get("/persons/" + advisor.post(201, "/flags", senior(n)).text("person_id"))
	}
	advisor.get("/flags/" + flag.text("id"))
	tab, narrow := h.at(t, "privacy-lr"), h.at(t, "privacy-lr", browsertest.Viewport(320, 700))
	tab.Follow(`nav a[href="/journal-des-acces"]`)
	for _, path := range []string{"/journal-des-acces", "/journal-des-acces?personne=" + flag.text("person_id") + "&du=2020-01-01&au=2020-01-02"} {
		looksRight(t, tab, narrow, path)
	}
	tab.Go("/journal-des-acces")
	sees(t, tab, "main", "Consultations nombreuses sans suite, semaine par semaine")
	tab.Fill("#champ-personne", flag.text("reference"))
	tab.Follow(filterButton)
	if tab.Path() != "/journal-des-acces?personne="+flag.text("reference") || tab.Count("tbody tr") < 2 || !strings.Contains(tab.Text("tbody"), "Signalement créé") {
		t.Error(tab.Path(), tab.Text("main"))
	}
	tab.Fill("#champ-personne", "Zénobie Exemple-Imaginaire")
	tab.Follow(filterButton)
	if tab.Status() != 422 || tab.Path() != "/journal-des-acces" || !strings.HasPrefix(tab.Title(), "Erreur") {
		t.Error("a name came into an address:", tab.Status(), tab.Path())
	}
	tab.Axe()
	tab.Fill("#champ-personne", "3TZB-90HX")
	tab.Follow(filterButton)
	if tab.Status() != 422 || !strings.Contains(tab.Text("#erreurs"), "ne connaît personne") {
		t.Error(tab.Status(), tab.Text("main"))
	}
	h.stop()
}

const filterButton = `form[action="/journal-des-acces"] button[type=submit]`

// refused wants the trace of a try that came too early or too late.
func (w watching) refused(operation string, r reply, subjects ...string) {
	w.Helper()
	w.left[operation] = [2]string{"refused", w.left[operation][1]}
	w.want(operation, r, subjects...)
}

// loan is what happens to a tablet that somebody has in hand, until it is back. What is refused left a trace all the same.
func (w watching) loan(provider, equipment *caller, loan, referral, person string) {
	w.Helper()
	path := "/equipment/loans/" + loan
	equipment.learn(provider)
	w.want("getLoan", equipment.get(path), person)
	w.want("getLoanSlip", equipment.get(path+"/slip"), person)
	w.want("listLoanQueue", equipment.get("/equipment/queue?pool=provider-a"))
	w.want("swapLoan", provider.post(200, path+"/swap", map[string]any{"asset_tag": "EX-0002", "condition": "good"}), person)
	w.want("extendLoan", provider.post(200, path+"/extend", map[string]any{"to": paris.Day(time.Now().AddDate(0, 3, 0))}), person)
	w.want("loseLoan", provider.post(200, path+"/lost", map[string]any{"reason": "stolen"}), person)
	w.want("returnLoan", provider.post(200, path+"/return", map[string]any{}), person)
	w.refused("writeOffLoan", provider.post(409, path+"/written-off", map[string]any{"decision": "Exemple"}), person)
	w.refused("releaseLoan", provider.post(409, path+"/release", map[string]any{}), person)
	w.refused("askLoan", provider.post(409, "/equipment/loans", map[string]any{"referral_id": referral}), person)
}

// takesPart is what a provider says of somebody with a seat. The session has not begun: some of it is refused, and left
// a trace all the same.
func (w watching) takesPart(provider *caller, session, referral, person string) {
	w.Helper()
	participant := "/sessions/" + session + "/participants/" + referral
	there := map[string]any{"meeting": 1, "participants": []any{map[string]any{"referral_id": referral, "status": "present"}}}
	w.refused("recordAttendance", provider.post(409, "/sessions/"+session+"/attendance", there), person)
	w.refused("noteNoShow", provider.post(409, participant+"/no-show", map[string]any{}), person)
	w.refused("dropParticipant", provider.post(409, participant+"/drop", map[string]any{"reason": "health"}), person)
	outcome := map[string]any{"completed": true, "account_created": true, "portal_consulted": true, "mailbox_created": true}
	w.refused("recordOutcome", provider.post(409, participant+"/outcome", outcome), person)
	w.want("removeParticipant", provider.post(200, participant+"/remove", map[string]any{"reason": "moved"}), person)
	w.want("undoParticipant", provider.post(200, participant+"/undo", map[string]any{"reason": "entered_in_error"}), person)
}

// placeFor is a place that somebody may name.
func (w watching) placeFor(advisor *caller) string {
	w.Helper()
	partnership := w.as("partnership-lr")
	place := partnership.post(201, "/places", map[string]any{"name": "Espace Exemple", "insee": "34172", "emails": []string{"accueil@lieu.example"}, "access": []string{"Contacter par mail"}}).text("id")
	advisor.learn(partnership)
	return place
}

// letters are what a desk writes to somebody who has a seat.
func (w watching) letters(advisor *caller, seated, person string) {
	w.Helper()
	letter := "/letters/" + seated + ".1"
	w.until(func() bool {
		answer, err := advisor.try("GET", letter, nil)
		return err == nil && answer.status == 200
	})
	w.want("getLetter", advisor.get(letter), person)
	w.want("getReferralLetter", advisor.get("/referrals/"+seated+"/letter"), person)
	list := advisor.get("/letters")
	var persons []string
	for _, one := range list.items() {
		persons = append(persons, one["person_id"].(string))
	}
	slices.Sort(persons)
	w.want("listLetters", list, slices.Compact(persons)...) // two letters to one person
	w.want("letterPrinted", advisor.post(200, letter+"/printed", map[string]any{}), person)
	w.want("letterReturned", advisor.post(200, letter+"/returned", map[string]any{}), person)
}

// offers is what a desk says on a seat that fell free.
func (w watching) offers(advisor, provider *caller, first, second reply) {
	w.Helper()
	session := provider.post(201, "/sessions", workshop(1)).text("id")
	advisor.learn(provider)
	ask := func(flag reply) string {
		referral := advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session}).text("id")
		w.until(func() bool {
			path := "/sessions/" + session + "/requests/" + referral + "/accept"
			answer, err := provider.try("POST", path, map[string]any{})
			return err == nil && answer.status == 200
		})
		return referral
	}
	seated, waiting := ask(first), ask(second)
	w.letters(advisor, seated, first.text("person_id"))
	provider.post(200, "/sessions/"+session+"/participants/"+seated+"/remove", map[string]any{"reason": "moved"})
	offer, person := "/seat-offers/"+session+"."+waiting+".1", second.text("person_id")
	var open reply
	w.until(func() bool { open = advisor.get("/desks/montpellier/seat-offers"); return len(open.items()) == 1 })
	w.want("listSeatOffers", open, person)
	w.want("noteOfferNotReached", advisor.post(200, offer+"/not-reached", map[string]any{}), person)
	w.want("passSeatOffer", advisor.post(200, offer+"/pass", map[string]any{}), person)
	w.refused("takeSeatOffer", advisor.post(409, offer+"/take", map[string]any{}), person)
}

// ofPlace: a place that answers by its link is known by it.
func (w watching) ofPlace(advisor *caller, referral, person string) {
	w.Helper()
	link := advisor.post(201, "/referrals/"+referral+"/place-link", map[string]any{})
	w.want("issuePlaceLink", link, person)
	path := "/place-links/" + strings.TrimPrefix(link.text("path"), "/a/")
	form := advisor.post(200, path+"/code", map[string]any{"code": link.text("code")}).text("form")
	said := advisor.post(200, path+"/answer", map[string]any{"form": form, "result": "did_not_go"})
	if row := w.accesses(w.db, said.header.Get("X-Request-Id"))[0]; row.Actor != "place-link:"+link.text("id") || row.Role != "signed_link" || row.Fund != "carsat-lr" {
		w.Errorf("who answered by a link: %+v", row)
	}
	w.want("answerByPlaceLink", said, person)
}

// links: who has a signed link is known by it.
func (w watching) links(advisor, provider *caller, session, referral, person string) {
	w.Helper()
	link := advisor.post(201, "/sessions/"+session+"/requests/"+referral+"/link", map[string]any{})
	w.want("issueLink", link, person)
	path := "/links/" + strings.TrimPrefix(link.text("path"), "/l/")
	code := provider.get("/sessions/" + session + "/code").text("code")
	form := provider.post(200, path+"/code", map[string]any{"code": code}).text("form")
	w.want("readRequestByLink", provider.post(200, path+"/request", map[string]any{"form": form}), person)
	decided := provider.post(200, path+"/decision", map[string]any{"form": form, "decision": "study"})
	if row := w.accesses(w.db, decided.header.Get("X-Request-Id"))[0]; row.Actor != "link:"+link.text("id") || row.Role != "signed_link" || row.Fund != "carsat-lr" || row.Resource != "" {
		w.Errorf("who decided by a link: %+v", row)
	}
	w.want("decideByLink", decided, person)
}
