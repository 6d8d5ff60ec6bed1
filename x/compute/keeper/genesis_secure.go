package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// loadSecure loads the seats and what belongs to secure sums.
func (k *Keeper) loadSecure(ctx context.Context, gs types.GenesisState) error {
	for _, s := range gs.Seats {
		if err := k.loadSeat(ctx, s); err != nil {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "seat %s: %s", s.Operator, err)
		}
	}
	if err := k.loadSeatTimes(ctx, gs.SeatTimes); err != nil {
		return errorsmod.Wrapf(types.ErrInvalidGenesis, "seat_times: %s", err)
	}
	if gs.LaneUntil > 0 && !heightsRestart(ctx) {
		if err := k.LaneUntil.Set(ctx, gs.LaneUntil); err != nil {
			return err
		}
	}
	for _, r := range gs.Rounds {
		if err := k.loadRound(ctx, r); err != nil {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "round of job %s: %s", r.JobId, err)
		}
	}
	for _, o := range gs.Owners {
		owner, err := k.address("owner", o.Owner)
		if err != nil {
			return err
		}
		if err := k.RoundOwners.Set(ctx, collections.Join(o.JobId, []byte(owner)), o.Attempt); err != nil {
			return err
		}
	}
	for _, n := range gs.Noises {
		gc := types.GenesisContribution{Shared: &n.Shared, Preparations: n.Preparations, Message: n.Message}
		if err := k.loadShares(ctx, collections.Join(n.JobId, n.Operator), gc); err != nil {
			return err
		}
	}
	return k.loadPanelAnswers(ctx, gs.PanelAnswers)
}

func (k *Keeper) loadPanelAnswers(ctx context.Context, answers []types.PanelAnswer) error {
	for _, a := range answers {
		if err := k.PanelAnswers.Set(ctx, a.Question, a); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) loadSeat(ctx context.Context, s types.Seat) error {
	operator, err := k.validatorCodec.StringToBytes(s.Operator)
	if err != nil {
		return err
	}
	account, err := k.address("account", s.Account)
	if err != nil {
		return err
	}
	if err := k.claimSeatAccount(ctx, operator, account, s.Account); err != nil {
		return err
	}
	if s.LeavingHeight != 0 {
		if heightsRestart(ctx) {
			params, err := k.Params.Get(ctx)
			if err != nil {
				return err
			}
			s.LeavingHeight = min(s.LeavingHeight, sdk.UnwrapSDKContext(ctx).BlockHeight()+int64(params.SeatUnbondBlocks))
		}
		if err := k.LeavingSeats.Set(ctx, collections.Join(s.LeavingHeight, operator)); err != nil {
			return err
		}
	}
	if heightsRestart(ctx) {
		s.SilentHeight = 0
	}
	return k.Seats.Set(ctx, operator, s)
}

// loadSeatTimes loads the heights until which seats may be at work. If heights restart, loadJob has set them.
func (k *Keeper) loadSeatTimes(ctx context.Context, times []types.GenesisSeatTime) error {
	if heightsRestart(ctx) {
		return nil
	}
	for _, t := range times {
		operator, err := k.validatorCodec.StringToBytes(t.Operator)
		if err != nil {
			return err
		}
		if err := k.SeatTimes.Set(ctx, operator, uint64(t.Height)); err != nil {
			return err
		}
	}
	return nil
}

// loadSeatsOf loads the keys of a job's seats and the index by seat.
func (k *Keeper) loadSeatsOf(ctx context.Context, job types.Job) error {
	if !job.Open() {
		return nil
	}
	for _, s := range job.Seats {
		operator, err := k.validatorCodec.StringToBytes(s.Operator)
		if err != nil {
			return err
		}
		if err := k.SeatJobs.Set(ctx, seatJobKey(operator, job.Id)); err != nil {
			return err
		}
		if len(s.Key) == 0 {
			continue
		}
		if err := k.SeatKeys.Set(ctx, collections.Join(job.Id, s.Operator), s.Key); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) loadShares(ctx context.Context, key collections.Pair[string, string], gc types.GenesisContribution) error {
	if gc.Shared == nil {
		return nil
	}
	if err := k.Shares.Set(ctx, key, *gc.Shared); err != nil {
		return err
	}
	for i, share := range gc.Preparations {
		if len(share) == 0 {
			continue
		}
		if err := k.Prepared.Set(ctx, collections.Join3(key.K1(), key.K2(), uint64(i)), share); err != nil {
			return err
		}
	}
	if len(gc.Message) == 0 {
		return nil
	}
	return k.Messages.Set(ctx, key, gc.Message)
}

func (k *Keeper) loadRound(ctx context.Context, r types.GenesisRound) error {
	job, err := k.job(ctx, r.JobId)
	if err != nil {
		return err
	}
	if r.Sums != nil {
		return k.Rounds.Set(ctx, collections.Join(job.Id, uint64(r.Sums.Round)), *r.Sums)
	}
	for i, o := range r.Opened {
		if o.IsZero() {
			continue
		}
		if err := k.Sums.Set(ctx, collections.Join3(job.Id, uint64(job.Round), uint64(i)), o); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) exportShares(ctx context.Context, key collections.Pair[string, string], gc *types.GenesisContribution) error {
	shared, err := k.Shares.Get(ctx, key)
	if errors.Is(err, collections.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	gc.Shared = &shared
	preparations := make([][]byte, types.MaxSeats)
	kept := 0
	for i := range preparations {
		share, err := k.Prepared.Get(ctx, collections.Join3(key.K1(), key.K2(), uint64(i)))
		if err != nil && !errors.Is(err, collections.ErrNotFound) {
			return err
		}
		if preparations[i] = share; share != nil {
			kept = i + 1
		}
	}
	gc.Preparations = preparations[:kept]
	gc.Message, err = k.Messages.Get(ctx, key)
	if errors.Is(err, collections.ErrNotFound) {
		return nil
	}
	return err
}

// exportSecure exports the seats and what belongs to secure sums.
func (k *Keeper) exportSecure(ctx context.Context, gs *types.GenesisState) error {
	if err := k.Seats.Walk(ctx, nil, func(_ []byte, s types.Seat) (bool, error) {
		gs.Seats = append(gs.Seats, s)
		return false, nil
	}); err != nil {
		return err
	}
	until, err := k.LaneUntil.Get(ctx)
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return err
	}
	gs.LaneUntil = until
	if err := k.SeatTimes.Walk(ctx, nil, func(operator []byte, height uint64) (bool, error) {
		text, err := k.validatorCodec.BytesToString(operator)
		gs.SeatTimes = append(gs.SeatTimes, types.GenesisSeatTime{Operator: text, Height: int64(height)})
		return err != nil, err
	}); err != nil {
		return err
	}
	if err := k.Rounds.Walk(ctx, nil, func(key collections.Pair[string, uint64], sums types.RoundSums) (bool, error) {
		gs.Rounds = append(gs.Rounds, types.GenesisRound{JobId: key.K1(), Sums: &sums})
		return false, nil
	}); err != nil {
		return err
	}
	if err := k.exportOpened(ctx, gs); err != nil {
		return err
	}
	if err := k.exportNoises(ctx, gs); err != nil {
		return err
	}
	if err := k.PanelAnswers.Walk(ctx, nil, func(_ []byte, a types.PanelAnswer) (bool, error) {
		gs.PanelAnswers = append(gs.PanelAnswers, a)
		return false, nil
	}); err != nil {
		return err
	}
	return k.RoundOwners.Walk(ctx, nil, func(key collections.Pair[string, []byte], mark uint64) (bool, error) {
		owner, err := k.addressCodec.BytesToString(key.K2())
		gs.Owners = append(gs.Owners, types.GenesisOwner{JobId: key.K1(), Owner: owner, Attempt: mark})
		return err != nil, err
	})
}

// exportOpened exports the sums of rounds that go on.
func (k *Keeper) exportOpened(ctx context.Context, gs *types.GenesisState) error {
	var r types.GenesisRound
	flush := func() {
		if len(r.Opened) > 0 {
			gs.Rounds = append(gs.Rounds, r)
		}
	}
	err := k.Sums.Walk(ctx, nil, func(key collections.Triple[string, uint64, uint64], o types.OpenedSum) (bool, error) {
		if key.K1() != r.JobId {
			flush()
			r = types.GenesisRound{JobId: key.K1()}
		}
		for uint64(len(r.Opened)) < key.K3() {
			r.Opened = append(r.Opened, types.OpenedSum{})
		}
		r.Opened = append(r.Opened, o)
		return false, nil
	})
	flush()
	return err
}

// exportNoises exports the noise of the seats of exported jobs.
func (k *Keeper) exportNoises(ctx context.Context, gs *types.GenesisState) error {
	for _, job := range gs.Jobs {
		for _, s := range job.Seats {
			if s.Noise == nil {
				continue
			}
			var gc types.GenesisContribution
			if err := k.exportShares(ctx, collections.Join(job.Id, s.Operator), &gc); err != nil {
				return err
			}
			if gc.Shared == nil {
				return errorsmod.Wrapf(types.ErrInvariant, "noise of seat %s of job %s: expected its shares, got none", s.Operator, job.Id)
			}
			gs.Noises = append(gs.Noises, types.GenesisNoise{
				JobId: job.Id, Operator: s.Operator, Shared: *gc.Shared, Preparations: gc.Preparations, Message: gc.Message,
			})
		}
	}
	return nil
}
