package events

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// Facts cannot be taken back, so what stands in clear describes nobody. Text outside Sealed is one of these;
// a field that is none of them fails the test, and whoever adds a line here gives the reason.

// identifiers end like this: opaque, minted by us.
var identifierEndings = []string{"ID"}

// codes, identifiers and days, by field name; each is from a list, a directory, or a day.
var codes = map[string]string{
	"Reference":  "identifier: short code people read, random",
	"Fund":       "directory",
	"Programme":  "directory",
	"Programmes": "directory",
	"Desk":       "directory",
	"Pool":       "directory",
	"By":         "account, never a name",
	"Follows":    "identifier of a referral",
	"Together":   "identifier of a referral",
	"OneOpen":    "identifiers, or a keyed hash of them",
	"Department": "code: the coarsest place",
	"Channel":    "code list",
	"Status":     "code list",
	"Help":       "code list",
	"Answer":     "code list",
	"Reason":     "code list",
	"Kind":       "code list",
	"Mode":       "code list",
	"Skills":     "code list",
	"Transport":  "code list",
	"Level":      "code list",
	"Booking":    "code list",
	"Language":   "code: another service decides on it",
	"Languages":  "code list, of a session",
	"AgeBand":    "code: four bands",

	"Departments":  "codes: the coarsest places",
	"Organisation": "directory",
	"Account":      "identifier of who works here, minted by us or given by the issuer",
	"Role":         "code list",
	"EmailMark":    "keyed hash",
	"IdentityMark": "keyed hash",
	"Hash":         "of a random text",
	"Renews":       "identifier of a link",

	"TextVersion": "code: which text was read",
	"ToldBy":      "code list",

	"FindingDate": "day",
	"Deadline":    "day: another service decides on it",
	"From":        "day",
	"Closes":      "day",

	"Direction":  "code list",
	"Result":     "code list",
	"FromDesk":   "directory",
	"Desks":      "directory",
	"AssignedTo": "account, never a name",
	"Outcome":    "code list",
	"Topic":      "code list",
	"Month":      "month",
	"Months":     "months",
	"To":         "day",

	"SessionIDs":  "identifiers of sessions",
	"Present":     "identifiers of referrals",
	"Excused":     "identifiers of referrals",
	"Absent":      "identifiers of referrals",
	"Services":    "code list",
	"URL":         "public address of a recorded session, typed by its provider",
	"Was":         "code list",
	"Condition":   "code list, of an item",
	"Accessories": "code list",
	"Found":       "identifiers of items",
	"Missing":     "identifiers of items",
	"Unexpected":  "identifiers of items",

	"Priority":   "code list: of a programme that cites the decision",
	"Criteria":   "code list, of a programme",
	"Source":     "code list: whose money",
	"Sources":    "code list: whose money",
	"Nature":     "code list: of a line of a decision",
	"Opens":      "day",
	"Date":       "day",
	"Derogation": "code list",
	"Where":      "code list: home is no address",
	"Day":        "day",
}

// public texts describe a thing everybody may know of, never a person; by event and field.
var publicTexts = map[string]string{
	"ConnectionBegun.Line":       "code list: mobile or fixed",
	"SessionPlanned.Title":       "what the provider offers",
	"SessionPlanned.Place":       "where the provider offers it",
	"SessionPlanned.Insee":       "commune of a session, not of a person",
	"SessionRescheduled.Place":   "where the provider offers it",
	"SessionRescheduled.Insee":   "commune of a session, not of a person",
	"SessionAmended.Title":       "what the provider offers",
	"PaperFiled.Title":           "a paper about a session",
	"ItemRegistered.AssetTag":    "the tag on a tablet",
	"ItemRegistered.Serial":      "the maker's number on a tablet",
	"ItemReceived.AssetTag":      "the tag on a tablet",
	"ItemReceived.Serial":        "the maker's number on a tablet",
	"ItemReceived.FromPool":      "directory",
	"ItemTransferred.ToPool":     "directory",
	"StocktakeTaken.UnknownTags": "tags on things",
	"LoanWrittenOff.Decision":    "reference of the decision",

	"ProviderAmended.Name":      "an organisation",
	"ProviderAmended.Street":    "where the organisation is found",
	"ProviderAmended.Insee":     "commune of an organisation",
	"ProviderAmended.Networks":  "to which the organisation belongs",
	"ProviderLabelled.Label":    "code list",
	"ProviderLabelled.Version":  "of the label",
	"Ability.Skill":             "code list",
	"Ability.Since":             "day",
	"PlaceRegistered.Source":    "of the file that the place came with",
	"PlaceSheet.Name":           "a place everybody may go to",
	"PlaceSheet.Insee":          "commune of a place, not of a person",
	"PlaceSheet.Postcode":       "of a place, not of a person",
	"PlaceSheet.Street":         "where the place is found",
	"PlaceSheet.Complement":     "where the place is found",
	"PlaceSheet.Precision":      "code list",
	"PlaceSheet.Pivot":          "number of an establishment",
	"PlaceSheet.Types":          "code list",
	"PlaceSheet.Websites":       "of a place",
	"PlaceSheet.Hours":          "when the place is open",
	"PlaceSheet.Collector":      "an organisation",
	"PlaceSheet.Roaming":        "code list",
	"PlaceSheet.Parent":         "an organisation",
	"PlaceSheet.UpdatedOn":      "day",
	"PlaceSheet.Publics":        "code list",
	"PlaceSheet.Care":           "code list, of a place",
	"PlaceSheet.Costs":          "code list",
	"PlaceSheet.Schemes":        "code list",
	"PlaceSheet.Labels":         "code list",
	"PlaceSheet.OtherLabels":    "labels of a place",
	"PlaceSheet.Access":         "code list",
	"PlaceSheet.Support":        "code list",
	"PlaceSheet.AccessSheet":    "page about a place",
	"ProviderRegistered.Name":   "an organisation",
	"ProviderRegistered.Street": "where the organisation is found",
	"ProviderRegistered.Insee":  "commune of an organisation",

	"FundRegistered.Name":  "a fund",
	"DeskSet.Name":         "a team",
	"DeskSet.Phone":        "the number that everybody may ring",
	"OrganisationSet.Name": "an organisation",

	"RecommendationProposed.Title": "what should be done, for everybody",
	"RecommendationProposed.Text":  "what should be done, for everybody",
	"RecommendationMoved.Note":     "why it is done, or not",
	"PublishedTable.Table":         "code list",
	"PublishedTable.RowsBy":        "code list",
	"PublishedTable.ColumnsBy":     "code list",
	"PublishedTable.Rows":          "codes of what is counted",
	"PublishedTable.Columns":       "codes of what is counted",

	"EnquiryCounted.Insee": "commune about which somebody asked who is not known",

	"ProgrammeSet.Name":     "a programme",
	"ProgrammeSet.Decision": "reference of the decision",
	"ProgrammeSet.Text":     "what everybody is told",
	"Priority.Decision":     "reference of the decision",

	"EnvelopeOpened.Label":    "an envelope of money",
	"CallOpened.Label":        "a call for projects",
	"StructureNoted.Label":    "an organisation",
	"StructureNoted.Networks": "to which the organisation belongs",
	"ProjectProposed.Label":   "a project of an organisation",
	"AgendaItem.Label":        "what a committee talks about",
	"DecisionLine.Label":      "what money is for",
	"MinutesFiled.Filed":      "reference of the minutes",
	"GrantOpened.Decision":    "reference of the decision",
}

// numbers and answers in clear, by field name: what another service has to decide on, or what describes a session.
var others = map[string]string{
	"Asked": "how many flags", "Validated": "how many flags", "Failed": "how many flags",
	"LoanWanted": "equipment decides on it", "LoanFirst": "equipment decides on it", "GrantMeant": "equipment decides on it", "First": "a place in a list", "Own": "how many",
	"Incomplete": "a tablet", "MayRefer": "referral decides on it", "MayPart": "of two who ask together: the session decides on it", "Unreviewed": "of the programme",
	"Capacity": "session", "Minimum": "session", "ImmediateSeats": "session", "WaitingLimit": "session", "CostCents": "session",
	"Accessible": "session", "LendsEquipment": "session", "Labelled": "session", "AssessmentRequired": "session",
	"AgeMinimum": "session", "GIR": "audience of a session; a person's is in the sealed sheet",
	"Ended": "a link", "Given": "a consent: others decide on it",
	"ErasureDays": "fund", "Closed": "a desk or an organisation",
	"Minutes": "of a help act, without who", "Observations": "how many", "Version": "of a programme", "TakesFlags": "a programme", "AgeOver": "a programme",
	"LowestGIR": "a programme", "ReviewFirst": "a programme", "Reviewed": "a programme",
	"Threshold": "published tables", "Cells": "counts, none of them small", "RowTotals": "counts, none of them small",
	"ColumnTotals": "counts, none of them small", "Total": "a count, not small",
	"Lat": "of a place, not of a person", "Lon": "of a place, not of a person", "Relay": "an organisation", "HasPhone": "of a place",
	"Meeting": "number of a meeting", "Seats": "session", "Free": "session", "OwnPresent": "how many", "AtHome": "how many", "Present": "how many", "Times": "of a reminder", "Kept": "a place in a list",
	"Locked": "a link",
	"Rank":   "place in a list", "WouldBeRank": "place in a list", "Slot": "place in a list",
	"AmountCents":      "money of an organisation",
	"TotalCents":       "of a decision",
	"AskedCents":       "of a project",
	"TabletCents":      "of a call",
	"TabletCapCents":   "of a call",
	"TargetPeople":     "how many",
	"Tablets":          "how many",
	"Reached":          "how many",
	"Finished":         "how many",
	"Autonomous":       "how many",
	"Held":             "how many sessions",
	"Final":            "a report",
	"Line":             "number of a line",
	"Quota":            "of a programme",
	"ConnectionMonths": "of a programme",
	"Number":           "of an appointment",
}

func TestWhatStandsInClearDescribesNobody(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		for _, fault := range revealing(types[name]) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func TestNoAllowanceIsLeftOver(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, name := range Names() {
		walk(types[name], func(owner reflect.Type, field reflect.StructField) {
			used[field.Name], used[owner.Name()+"."+field.Name] = true, true
		})
	}
	for _, list := range []map[string]string{codes, publicTexts, others} {
		for _, allowed := range slices.Sorted(maps.Keys(list)) {
			if !used[allowed] {
				t.Errorf("%s is allowed and in no event", allowed)
			}
		}
	}
}

func TestAFieldThatDescribesAPersonIsFound(t *testing.T) {
	t.Parallel()
	for _, planted := range []any{
		struct{ Phone string }{}, struct{ Name string }{}, struct{ FamilyName string }{}, struct{ Note *string }{},
		struct{ Commune string }{}, struct{ Title string }{}, struct{ Insee string }{}, struct{ BirthDate time.Time }{}, struct{ Age int }{},
		struct{ Emails []string }{}, struct{ Equipment *bool }{}, struct{ Extra map[string]string }{}, struct{ Extra any }{},
		struct{ Raw []byte }{}, struct{ Person Person }{}, struct{ Persons []Person }{}, struct{ PersonID Person }{},
		struct{ Inside struct{ Street string } }{},
	} {
		if len(revealing(reflect.TypeOf(planted))) == 0 {
			t.Errorf("%T was not found", planted)
		}
	}
}

// revealing lists the fields in clear that nothing allows.
func revealing(typ reflect.Type) (faults []string) {
	walk(typ, func(owner reflect.Type, field reflect.StructField) {
		if !allowed(owner, field) {
			faults = append(faults, fmt.Sprintf("%s.%s (%s) stands in clear: seal it, or say here why it describes nobody", owner.Name(), field.Name, field.Type))
		}
	})
	return faults
}

func allowed(owner reflect.Type, field reflect.StructField) bool {
	typ := field.Type
	if typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch typ.Kind() {
	case reflect.String:
		identifier := slices.ContainsFunc(identifierEndings, func(end string) bool { return strings.HasSuffix(field.Name, end) })
		return identifier || codes[field.Name] != "" || publicTexts[owner.Name()+"."+field.Name] != ""
	case reflect.Bool, reflect.Int, reflect.Float64:
		return others[field.Name] != ""
	case reflect.Struct: // moments of what was decided and planned; walk looks into the rest
		return typ != reflect.TypeFor[time.Time]() || slices.Contains([]string{"At", "Until", "AnswerBy", "HeldUntil", "NextAt", "StartsAt", "EndsAt", "RegistrationClosesAt", "EraseAt"}, field.Name)
	default:
		return false
	}
}

// anonymous is told in clear, because nobody can say any more whom it was about: the campaign's key is destroyed.
var anonymous = reflect.TypeFor[Observation]()

// walk visits every field outside Sealed, also of structs within.
func walk(typ reflect.Type, visit func(owner reflect.Type, field reflect.StructField)) {
	for i := range typ.NumField() {
		field := typ.Field(i)
		if isSealed(field.Type) {
			continue
		}
		visit(typ, field)
		inner := field.Type
		for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[time.Time]() && inner != anonymous {
			walk(inner, visit)
		}
	}
}
