package portal

import "testing"

const (
	saintDenis  = "97411"
	montpellier = "34172"
)

func located(number int, lat, lon float64) proposal {
	return proposal{Number: number, Title: "Lieu Exemple", Located: true, Latitude: lat, Longit: lon}
}

func TestAMapShowsWhatIsOnThePersonsSideOfTheOcean(t *testing.T) {
	t.Parallel()
	list := []proposal{located(1, -21.34, 55.48), located(2, 43.61, 3.88), located(3, -20.9, 55.5)}
	m := mapOfPoints(saintDenis, "974", list)
	if len(m.Points) != 2 || m.Points[0].Label != "1" || m.Points[1].Label != "3" || m.Home == nil || len(m.Paths) != 1 {
		t.Errorf("%+v, %d outlines", m.Points, len(m.Paths))
	}
	m = mapOfPoints(montpellier, "34", list)
	if len(m.Points) != 1 || m.Points[0].Label != "2" || len(m.Paths) == 0 {
		t.Errorf("%+v, %d outlines", m.Points, len(m.Paths))
	}
	if unknown := mapOfPoints("", "974", list); len(unknown.Points) != 2 || unknown.Home != nil || len(unknown.Paths) != 1 {
		t.Errorf("%+v, %d outlines", unknown.Points, len(unknown.Paths))
	}
}

func TestAMapOfPointsHasTheNeighbouringDepartments(t *testing.T) {
	t.Parallel()
	// Between Paris and Lille: none of these was on the map of the two first regions.
	m := mapOfPoints("80021", "80", []proposal{located(1, 48.86, 2.35), located(2, 50.63, 3.06)})
	if len(m.Points) != 2 || len(m.Paths) < 8 {
		t.Error(m.ViewBox, len(m.Paths))
	}
}
