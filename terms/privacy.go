package terms

import "fmt"

// ReservePrivacy returns what is set aside of a record's privacy budget after another contribution, all in millionths of rho
// (zero-concentrated differential privacy, in which the losses of several answers add up). It fails unless
// spent + reserved + microRho <= budget. Nothing always fits.
func ReservePrivacy(budget, spent, reserved, microRho uint64) (uint64, error) {
	if microRho == 0 {
		return reserved, nil
	}
	left := budget - min(budget, spent)
	left -= min(left, reserved)
	if microRho > left {
		return reserved, fmt.Errorf("micro_rho: expected at most %d of %d left, got %d", left, budget, microRho)
	}
	return reserved + microRho, nil
}
