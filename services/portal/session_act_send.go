package portal

import "example.org/passerelle/api/client"

func sendOpening(v *visit, p *sessionActForm) error {
	_, err := v.api.OpenSessionWithResponse(v.ctx, p.session.ID, v.key())
	return err
}

func sendConfirmation(v *visit, p *sessionActForm) error {
	_, err := v.api.ConfirmSessionWithResponse(v.ctx, p.session.ID, v.key())
	return err
}

func sendSessionEnd(v *visit, p *sessionActForm) error {
	_, err := v.api.CloseSessionWithResponse(v.ctx, p.session.ID, v.key())
	return err
}

func sendCapacity(v *visit, p *sessionActForm) error {
	p.asks(fault{"places", "Nombre de places\u00a0: à renseigner"}, fault{"raison", "Pourquoi\u00a0: à choisir"})
	seats := p.whole("places", "Nombre de places")
	if p.wrong() {
		return nil
	}
	_, err := v.api.SetCapacityWithResponse(v.ctx, p.session.ID, client.CapacityChange{Capacity: *seats, Reason: p.value("raison")}, v.key())
	return err
}

func sendOwnSeats(v *visit, p *sessionActForm) error {
	p.asks(fault{"places", "Nombre de places\u00a0: à renseigner"})
	seats := p.whole("places", "Nombre de places")
	if p.wrong() {
		return nil
	}
	_, err := v.api.SetOwnSeatsWithResponse(v.ctx, p.session.ID, client.OwnSeats{Seats: *seats}, v.key())
	return err
}

func sendAdaptation(v *visit, p *sessionActForm) error {
	p.asks(fault{"forme", "Forme\u00a0: à choisir"}, fault{"raison", "Pourquoi\u00a0: à choisir"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.AdaptSessionWithResponse(v.ctx, p.session.ID, client.Adaptation{Mode: p.value("forme"), Reason: p.value("raison")}, v.key())
	return err
}

func sendPaper(v *visit, p *sessionActForm) error {
	p.asks(fault{"genre", "Document\u00a0: à choisir"}, fault{"titre", "Nom du document\u00a0: à renseigner"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.FilePaperWithResponse(v.ctx, p.session.ID, p.value("genre"), client.Paper{Title: p.value("titre")}, v.key())
	return err
}

func sendCancellation(v *visit, p *sessionActForm) error {
	p.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.CancelSessionWithResponse(v.ctx, p.session.ID, client.Cancellation{Reason: p.value("raison")}, v.key())
	return err
}

func sendReschedule(v *visit, p *sessionActForm) error {
	p.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	body := client.Reschedule{Meetings: p.meetings(), Place: p.text("lieu"), Reason: p.value("raison"), RegistrationClosesAt: p.closing()}
	if len(body.Meetings) == 0 && !p.wrong() {
		p.refuse(meetingName(1), "Il faut au moins une séance")
	}
	if p.wrong() {
		return nil
	}
	_, err := v.api.RescheduleSessionWithResponse(v.ctx, p.session.ID, body, v.key())
	return err
}

func sendRegistrationEnd(v *visit, p *sessionActForm) error {
	_, err := v.api.CloseRegistrationWithResponse(v.ctx, p.session.ID, v.key())
	return err
}

func sendRecording(v *visit, p *sessionActForm) error {
	_, err := v.api.LinkRecordingWithResponse(v.ctx, p.session.ID, client.Recording{URL: p.text("adresse")}, v.key())
	return err
}

func sendServices(v *visit, p *sessionActForm) error {
	services := p.list("services")
	if services == nil {
		services = []string{}
	}
	_, err := v.api.PresentServicesWithResponse(v.ctx, p.session.ID, client.PresentedServices{Services: services}, v.key())
	return err
}
