package domain

import (
	"errors"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/sdc"
	"example.org/passerelle/pkg/story"
)

var (
	begun   = events.CampaignOpened{CampaignID: "observation-bfc-2020", Fund: "carsat-bfc", Programme: "observation-bfc-2020", SubjectID: "key-1"}
	lastDay = events.CampaignEnded{CampaignID: begun.CampaignID, Fund: begun.Fund, Programme: begun.Programme, By: "partnership-bfc"}
)

// seen are so many situations of a unit, of people of one age.
func seen(many int, desk, department string, age int) (rows []events.Observation) {
	for range many {
		rows = append(rows, events.Observation{Programme: begun.Programme, Month: "2020-01", Desk: desk, Department: department, Age: &age, Institution: "cpam"})
	}
	return rows
}

func TestAClosingTellsTheRowsTheTablesAndTheEnd(t *testing.T) {
	t.Parallel()
	var rows []events.Observation
	for _, age := range []int{40, 50, 65, 80} {
		rows = append(append(rows, seen(40, "nievre", "58", age)...), seen(40+age, "cote-dor", "21", age)...)
	}
	rows = append(rows, seen(2, "yonne", "89", 50)...)
	told, err := CloseCampaign{Rows: rows, At: time.Now()}.Decide(EvolveCampaign(EvolveCampaign(Campaign{}, begun), lastDay))
	if err != nil {
		t.Fatal(err)
	}
	n, tables := 0, events.TablesPublished{}
	for _, fact := range told {
		switch e := fact.(type) {
		case events.ObservationsPublished:
			n += len(e.Rows)
		case events.TablesPublished:
			tables = e
		default:
		}
	}
	if end, ok := told[len(told)-1].(events.CampaignClosed); !ok || end.Observations != len(rows) || n != len(rows) {
		t.Errorf("%d rows told, and at the end %+v", n, told[len(told)-1])
	}
	if len(tables.Tables) == 0 || tables.Threshold != sdc.Threshold {
		t.Fatalf("%+v", tables)
	}
	for _, table := range tables.Tables {
		for _, cell := range table.Cells {
			if cell != events.NotShown && cell < sdc.Threshold {
				t.Errorf("%s shows %d", table.Table, cell)
			}
		}
	}
}

func TestACampaignIsClosedOnce(t *testing.T) {
	t.Parallel()
	var open, end, closed events.Detection = begun, lastDay, events.CampaignClosed{CampaignID: begun.CampaignID}
	story.Given(t, EvolveCampaign).When(EndCampaign{Over: true}).Refused(ErrNoCampaign)
	story.Given(t, EvolveCampaign).When(CloseCampaign{}).Refused(ErrNoCampaign)
	story.Given(t, EvolveCampaign, open).When(EndCampaign{}).Refused(ErrCampaignRunning)
	story.Given(t, EvolveCampaign, open).When(CloseCampaign{}).Refused(ErrCampaignRunning)
	story.Given(t, EvolveCampaign, open).When(EndCampaign{Over: true, By: lastDay.By}).Then(lastDay)
	story.Given(t, EvolveCampaign, open, end).When(EndCampaign{Over: true}).Then()
	story.Given(t, EvolveCampaign, open, end, closed).When(CloseCampaign{}).Refused(ErrCampaignClosed)
}

func TestNothingIsObservedOrCorrectedOnceACampaignHasEnded(t *testing.T) {
	t.Parallel()
	c := EvolveCampaign(EvolveCampaign(Campaign{}, begun), lastDay)
	f := Flag{ID: "f1", Programme: begun.Programme, FindingDate: "2020-02-03", readable: true}
	if told := (Observing{ObservationID: "o1", Campaign: c}).facts(f, time.Now()); told != nil {
		t.Error(told)
	}
	if _, err := (CorrectObservation{Campaign: c}).Decide(Observation{ID: "o1"}); !errors.Is(err, ErrCampaignClosed) {
		t.Error(err)
	}
}

func TestAMonthThatIsOverForGoodIsNotBegunForOneLateFlag(t *testing.T) {
	t.Parallel()
	late := Observing{ObservationID: "o1", Opens: events.CampaignOpened{CampaignID: "reperage-lr.2021-11", Programme: "reperage-lr", Month: "2021-11", SubjectID: "key-2"}}
	f := Flag{ID: "f1", Programme: "reperage-lr", FindingDate: "2021-11-15", readable: true}
	if told := late.facts(f, CloseAt("2021-11")); told != nil {
		t.Error(told)
	}
	if told := late.facts(f, CloseAt("2021-11").Add(-time.Second)); len(told) != 2 {
		t.Error(told)
	}
}
