package terms

import "fmt"

// ChargePrivacy returns what is spent of a record's privacy budget after a charge, all in millionths of rho (zero-concentrated
// differential privacy, in which the losses of several answers add up). It fails if the charge is more than is left. A charge of
// zero always fits.
func ChargePrivacy(budget, spent, microRho uint64) (uint64, error) {
	if microRho == 0 {
		return spent, nil
	}
	left := uint64(0)
	if spent < budget {
		left = budget - spent
	}
	if microRho > left {
		return spent, fmt.Errorf("micro_rho: expected at most %d of %d left, got %d", left, budget, microRho)
	}
	return spent + microRho, nil
}
