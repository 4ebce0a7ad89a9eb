package events

import "time"

// TablesPublished: the tables of a closed campaign that may leave the house, small numbers hidden. They are told with
// the closing and never change. Where small numbers could not be hidden there are none.
type TablesPublished struct {
	CampaignID string           `json:"campaign_id"`
	Fund       string           `json:"fund"`
	Programme  string           `json:"programme"`
	Months     []string         `json:"months"`
	Threshold  int              `json:"threshold"` // nothing smaller is shown
	Tables     []PublishedTable `json:"tables,omitempty"`
	At         time.Time        `json:"at"`
}

// NotShown stands for a number that is hidden.
const NotShown = -1

// PublishedTable is counts by two things, row by row; see NotShown.
type PublishedTable struct {
	Table        string   `json:"table"`
	RowsBy       string   `json:"rows_by"`
	Rows         []string `json:"rows"`
	ColumnsBy    string   `json:"columns_by"`
	Columns      []string `json:"columns"`
	Cells        []int    `json:"cells"`
	RowTotals    []int    `json:"row_totals"`
	ColumnTotals []int    `json:"column_totals"`
	Total        int      `json:"total"`
}

// RecommendationProposed: somebody recommends what the figures call for. It is about what should be done, never about a
// person.
type RecommendationProposed struct {
	RecommendationID string    `json:"recommendation_id"`
	Fund             string    `json:"fund"`
	Desk             string    `json:"desk,omitempty"`      // unit that it is for; empty: the fund
	Programme        string    `json:"programme,omitempty"` // whose figures it cites
	From             string    `json:"from,omitempty"`
	To               string    `json:"to,omitempty"`
	Title            string    `json:"title"`
	Text             string    `json:"text"`
	By               string    `json:"by"`
	At               time.Time `json:"at"`
}

// RecommendationMoved: what became of a recommendation.
type RecommendationMoved struct {
	RecommendationID string    `json:"recommendation_id"`
	Status           string    `json:"status"` // adopted, in_progress, done, dropped
	Note             string    `json:"note,omitempty"`
	By               string    `json:"by"`
	At               time.Time `json:"at"`
}

// Stream names the aggregate.
func (e TablesPublished) Stream() string { return "campaign:" + e.CampaignID }

// Stream names the aggregate.
func (e RecommendationProposed) Stream() string { return "recommendation:" + e.RecommendationID }

// Stream names the aggregate.
func (e RecommendationMoved) Stream() string { return "recommendation:" + e.RecommendationID }

func (TablesPublished) detection()        {}
func (RecommendationProposed) detection() {}
func (RecommendationMoved) detection()    {}
