package portal

import (
	"testing"

	"example.org/passerelle/api/client"
)

func TestACampaignIsClosedAfterItsLastDayAndOnce(t *testing.T) {
	t.Parallel()
	last := "2020-02-29"
	campaign := client.FundProgramme{ID: "c", Kind: "campaign", Closes: &last}
	told := []client.Publication{{Programme: "c", Months: []string{"2020-01"}}}
	for _, c := range []struct {
		today     string
		published []client.Publication
		text      string
		may       bool
	}{
		{"2020-02-29", nil, "En cours", false},
		{"2020-03-01", nil, "Terminée, à clore", true},
		{"2020-06-01", told, "Close\u00a0: observations anonymes", false},
	} {
		if line := campaignOf(campaign, c.published, c.today); line.StatusText != c.text || line.MayClose != c.may {
			t.Errorf("%s: %+v", c.today, line)
		}
	}
}
