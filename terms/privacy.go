package terms

import "fmt"

// ChargePrivacy adds a charge to what a record's privacy budget has spent, all in millionths of rho (zero-concentrated
// differential privacy, where the losses of several answers add up). It fails where the charge is more than what is left.
// A charge of nothing always fits.
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
