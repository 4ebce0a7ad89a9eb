package portal

// signalAnswers are what a desk may say to an alert that it has not ended yet.
func signalAnswers(p signalForm) []choice {
	list := []choice{{Value: "done", Label: "C’est fait", Reveals: signalDone(p)}, {Value: "refused", Label: "Nous ne pouvons pas nous en occuper", Reveals: signalRefused(p)}}
	if p.line.Status == "sent" {
		return append([]choice{{Value: "received", Label: "Nous nous en occupons"}}, list...)
	}
	return list
}

func signalWith(p signalsPage) string {
	if p.value("sens") == "out" {
		return "Équipe alertée"
	}
	return "Équipe qui alerte"
}
