package reference

import (
	"testing"
	"time"
)

func noon(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" 12:00", Paris)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestNobodyWorksOnFrenchHolidays(t *testing.T) {
	t.Parallel()
	for _, holiday := range []string{
		"2021-01-01", "2021-04-05", "2021-05-13", "2021-05-24", "2021-07-14", "2021-11-01", "2021-11-11",
		"2022-04-18", "2022-05-26", "2022-06-06", "2022-08-15", "2024-04-01", "2024-05-01", "2024-05-08", "2024-05-09", "2024-05-20", "2024-12-25",
		"2021-11-13", "2021-11-14",
	} {
		if WorkingDay(noon(t, holiday)) {
			t.Errorf("%s is a working day", holiday)
		}
	}
	for _, work := range []string{"2021-04-02", "2021-04-06", "2021-12-24", "2022-04-19", "2024-05-10"} { // Good Friday is one
		if !WorkingDay(noon(t, work)) {
			t.Errorf("%s is no working day", work)
		}
	}
}
