package keeper

import (
	"context"
	"errors"
	"math/big"
	"slices"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/x/compute/types"
)

// candidate is a seat that may be drawn.
type candidate struct {
	operator []byte
	seat     types.Seat
	power    math.Int
}

// drawSeats fills the free seats of a job from the bonded validators that run one, by stake and without replacement.
// A validator that sits in it already or has lost a seat of it is not drawn. The error is ErrTooFewSeats if too few are left.
func (k *Keeper) drawSeats(ctx context.Context, job *types.Job, minBond math.Int) error {
	candidates, err := k.candidates(ctx, *job, minBond)
	if err != nil {
		return err
	}
	free := int(job.Spec.Secure.Seats) - len(job.Seats)
	if len(candidates) < free {
		return errorsmod.Wrapf(types.ErrTooFewSeats, "seats that can be drawn: expected at least %d, got %d", free, len(candidates))
	}
	seed := k.beacon.Seed(ctx)
	for n := range free {
		i := drawOne(seed, job.Id, job.Attempt, uint64(n), candidates)
		c := candidates[i]
		candidates = append(candidates[:i], candidates[i+1:]...)
		c.seat.Jobs++
		if err := k.Seats.Set(ctx, c.operator, c.seat); err != nil {
			return err
		}
		if err := k.SeatJobs.Set(ctx, seatJobKey(c.operator, job.Id)); err != nil {
			return err
		}
		job.Seats = append(job.Seats, types.JobSeat{
			Operator: c.seat.Operator, Account: c.seat.Account, Status: types.SEAT_STATUS_DRAWN, Fee: c.seat.Fee,
		})
	}
	return nil
}

// candidates lists the seats that may be drawn, in the order of their stake. No two seats of a job have the same account. A
// seat may have changed its account since it was drawn, so another one may use that account now.
func (k *Keeper) candidates(ctx context.Context, job types.Job, minBond math.Int) ([]candidate, error) {
	seats, all, err := k.bondedSeats(ctx, minBond)
	if err != nil {
		return nil, err
	}
	if seats, err = admitted(seats, all, job.Spec.Secure.MaxSeatFee); err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, s := range job.Seats {
		out[s.Operator], out[s.Account] = true, true
	}
	for _, l := range job.Lost {
		out[l.Operator] = true
	}
	return slices.DeleteFunc(seats, func(c candidate) bool { return out[c.seat.Operator] || out[c.seat.Account] }), nil
}

// bondedSeats lists the seats of bonded validators that neither leave nor rest and have the least bond, in the order of their stake, and
// returns the stake of all that do not leave. It looks at the bonded validators only, whose number is
// bounded. The number of seats is not: they stay when their validators unbond.
func (k *Keeper) bondedSeats(ctx context.Context, minBond math.Int) (list []candidate, all math.Int, err error) {
	all = math.ZeroInt()
	height := sdk.UnwrapSDKContext(ctx).BlockHeight()
	var failed error
	err = k.stakingKeeper.IterateBondedValidatorsByPower(ctx, func(_ int64, v stakingtypes.ValidatorI) bool {
		var seat types.Seat
		operator, err := k.validatorCodec.StringToBytes(v.GetOperator())
		if err == nil {
			seat, err = k.Seats.Get(ctx, operator)
		}
		if errors.Is(err, collections.ErrNotFound) {
			return false
		}
		if failed = err; failed != nil {
			return true
		}
		if seat.LeavingHeight != 0 || !v.GetTokens().IsPositive() {
			return false
		}
		all = all.Add(v.GetTokens())
		if !seat.Rests(height) && seat.Bond.Amount.GTE(minBond) {
			list = append(list, candidate{operator: operator, seat: seat, power: v.GetTokens()})
		}
		return false
	})
	return list, all, errors.Join(err, failed)
}

// admitted returns the seats that ask at most a fee, or ErrTooFewSeats unless they hold more than half of the stake of all seats:
// otherwise the consumer could choose by its fee who can be drawn.
func admitted(seats []candidate, all, maxFee math.Int) (list []candidate, err error) {
	stake := math.ZeroInt()
	for _, c := range seats {
		if c.seat.Fee.LTE(maxFee) {
			list, stake = append(list, c), stake.Add(c.power)
		}
	}
	if stake.MulRaw(2).LTE(all) {
		return nil, errorsmod.Wrapf(types.ErrTooFewSeats, "stake of the seats that ask at most %s ualita: expected more than half of all seats' %s, got %s", maxFee, all, stake)
	}
	return list, nil
}

// drawOne picks a candidate with a chance in proportion to its stake. The hash is reduced modulo the whole stake, which
// is below 2^128: no chance differs from the exact one by more than 2^-128.
func drawOne(seed []byte, jobID string, attempt uint32, n uint64, candidates []candidate) int {
	total := new(big.Int)
	for _, c := range candidates {
		total.Add(total, c.power.BigIntMut())
	}
	hash := label.Hash("alita/compute/draw/v1", seed, []byte(jobID), label.Uint64(uint64(attempt)), label.Uint64(n))
	point := new(big.Int).SetBytes(hash[:])
	point.Mod(point, total)
	for i, c := range candidates {
		if point.Cmp(c.power.BigIntMut()) < 0 {
			return i
		}
		point.Sub(point, c.power.BigIntMut())
	}
	return len(candidates) - 1
}
