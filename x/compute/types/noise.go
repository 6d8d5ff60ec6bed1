package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/terms"
)

// MicroRho is what each contribution to a job is charged to its record's privacy budget, in millionths of rho: zero where it
// adds no noise. The error is ErrInvalidSecure where the program's vector cannot carry the noise.
func MicroRho(spec JobSpec, program Program) (uint64, error) {
	if spec.Secure == nil || spec.Secure.NoiseVariance == 0 {
		return 0, nil
	}
	variance := spec.Secure.NoiseVariance
	switch {
	case program.Kind != VECTOR_KIND_HISTOGRAM:
		return 0, errorsmod.Wrapf(ErrInvalidSecure, "secure.noise_variance %d: expected 0 for a program of %s, one row may change its sums by anything; noise is for %s",
			variance, program.Kind, VECTOR_KIND_HISTOGRAM)
	case program.Sensitivity == 0:
		return 0, errorsmod.Wrapf(ErrInvalidSecure, "secure.noise_variance %d: expected 0, the program does not state by how much one row changes its vector", variance)
	}
	noise, err := terms.NewNoise(variance, spec.SumBits(program))
	if err != nil {
		return 0, errorsmod.Wrapf(ErrInvalidSecure, "secure.noise_variance: %s", err)
	}
	microRho, err := noise.MicroRho(program.Sensitivity)
	if err != nil {
		return 0, errorsmod.Wrapf(ErrInvalidSecure, "secure.noise_variance %d: %s", variance, err)
	}
	return microRho, nil
}

// validateMicroRho checks that a job charges what its noise costs.
func (j Job) validateMicroRho(program Program) error {
	want, err := MicroRho(j.Spec, program)
	if err != nil {
		return err
	}
	if j.MicroRho != want {
		return errorsmod.Wrapf(ErrInvalidJob, "micro_rho %d: expected %d", j.MicroRho, want)
	}
	return nil
}
