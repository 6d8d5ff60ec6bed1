package datapool

import (
	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/alita-network/alita/x/datapool/types"
)

// AutoCLIOptions implements the generated commands.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{
		Query: &autocliv1.ServiceCommandDescriptor{
			Service:              types.Query_serviceDesc.ServiceName,
			EnhanceCustomCommand: true,
			RpcCommandOptions: []*autocliv1.RpcCommandOptions{
				// The custom commands name a pool by its symbol, too.
				{RpcMethod: "Pool", Skip: true},
				{RpcMethod: "PoolStats", Skip: true},
				{RpcMethod: "Safety", Skip: true},
				{RpcMethod: "Twap", Skip: true},
				{RpcMethod: "Claimable", Skip: true},
				{RpcMethod: "Candles", Skip: true},
				{RpcMethod: "Params", Use: "params", Short: "Query the parameters of the module", Example: "alitad query datapool params"},
				query("Pools", "pools", "Query all pools", "pools --page-limit 20"),
				query("PoolsByMaker", "pools-by-maker [maker]", "Query the pools that an account created", "pools-by-maker alita1...", "maker"),
				query("PoolByDenom", "pool-by-denom [denom]", "Query a pool by data/<id>, share/<id> or its symbol", "pool-by-denom SPEED", "denom"),
				query("QuoteSwapExactIn", "quote-swap-exact-in [pool-id] [token-in]", "Query what selling an exact amount would bring",
					"quote-swap-exact-in 1 1000000ualita", "pool_id", "token_in"),
				query("QuoteSwapExactOut", "quote-swap-exact-out [pool-id] [token-out]", "Query what buying an exact amount would cost",
					"quote-swap-exact-out 1 1000000data/1", "pool_id", "token_out"),
				query("QuoteAddLiquidity", "quote-add-liquidity [pool-id] [max-alita] [max-data]", "Query what a deposit would take and give",
					"quote-add-liquidity 1 1000000 10000000", "pool_id", "max_alita", "max_data"),
				query("QuoteRemoveLiquidity", "quote-remove-liquidity [pool-id] [shares]", "Query what shares would redeem",
					"quote-remove-liquidity 1 1000000", "pool_id", "shares"),
				query("QuoteAddLiquiditySingle", "quote-add-liquidity-single [pool-id] [token-in]", "Query what a deposit of one coin would give",
					"quote-add-liquidity-single 1 1000000ualita", "pool_id", "token_in"),
				query("QuoteRemoveLiquiditySingle", "quote-remove-liquidity-single [pool-id] [shares] [denom-out]", "Query what shares would redeem in one coin",
					"quote-remove-liquidity-single 1 1000000 ualita", "pool_id", "shares", "denom_out"),
				query("QuoteSwapRouteExactIn", "quote-swap-route-exact-in [token-in] [denom-out]", "Query what selling one Data Token for another would bring",
					"quote-swap-route-exact-in 1000000data/1 data/2", "token_in", "denom_out"),
				query("QuoteSwapRouteExactOut", "quote-swap-route-exact-out [denom-in] [token-out]", "Query what buying one Data Token with another would cost",
					"quote-swap-route-exact-out data/1 1000000data/2", "denom_in", "token_out"),
			},
		},
		Tx: &autocliv1.ServiceCommandDescriptor{
			Service:              types.Msg_serviceDesc.ServiceName,
			EnhanceCustomCommand: true,
			RpcCommandOptions: []*autocliv1.RpcCommandOptions{
				// The custom command create-pool FILE replaces it.
				{RpcMethod: "CreatePool", Skip: true},
				// The custom command update-pool POOL FILE replaces it.
				{RpcMethod: "UpdatePool", Skip: true},
				tx("AddLiquidity", "add-liquidity [pool-id] [max-alita] [max-data] [min-shares]", "Give both coins in base units",
					"add-liquidity 1 1000000 10000000 3000000 --deadline 2027-01-01T00:00:00Z --from alice", "pool_id", "max_alita", "max_data", "min_shares"),
				tx("RemoveLiquidity", "remove-liquidity [pool-id] [shares] [min-alita] [min-data]", "Redeem shares in base units",
					"remove-liquidity 1 1000000 300000 3000000 --deadline 2027-01-01T00:00:00Z --from alice", "pool_id", "shares", "min_alita", "min_data"),
				tx("SwapExactIn", "swap-exact-in [pool-id] [token-in] [min-out]", "Sell an exact amount in base units",
					"swap-exact-in 1 1000000ualita 9000000 --deadline 2027-01-01T00:00:00Z --from alice", "pool_id", "token_in", "min_out"),
				tx("SwapExactOut", "swap-exact-out [pool-id] [token-out] [max-in]", "Buy an exact amount in base units",
					"swap-exact-out 1 9000000data/1 1000000 --deadline 2027-01-01T00:00:00Z --from alice", "pool_id", "token_out", "max_in"),
				tx("AddLiquiditySingle", "add-liquidity-single [pool-id] [token-in] [min-shares]", "Give one coin in base units",
					"add-liquidity-single 1 1000000ualita 1500000 --deadline 2027-01-01T00:00:00Z --from alice", "pool_id", "token_in", "min_shares"),
				tx("RemoveLiquiditySingle", "remove-liquidity-single [pool-id] [shares] [denom-out] [min-out]", "Redeem shares for one coin in base units",
					"remove-liquidity-single 1 1000000 ualita 600000 --deadline 2027-01-01T00:00:00Z --from alice", "pool_id", "shares", "denom_out", "min_out"),
				tx("SwapRouteExactIn", "swap-route-exact-in [token-in] [denom-out] [min-out]", "Sell an exact amount of one Data Token for another, in base units",
					"swap-route-exact-in 1000000data/1 data/2 900000 --deadline 2027-01-01T00:00:00Z --from alice", "token_in", "denom_out", "min_out"),
				tx("SwapRouteExactOut", "swap-route-exact-out [denom-in] [token-out] [max-in]", "Buy an exact amount of one Data Token with another, in base units",
					"swap-route-exact-out data/1 900000data/2 1000000 --deadline 2027-01-01T00:00:00Z --from alice", "denom_in", "token_out", "max_in"),
				tx("FundRewards", "fund-rewards [pool-id] [amount]", "Give ualita or Data Tokens to the reward budget of a pool",
					"fund-rewards 1 1000000ualita --from alice", "pool_id", "amount"),
				tx("ClaimMaker", "claim-maker [pool-id]", "Take the maker's swap fees, vested tokens and unlocked shares",
					"claim-maker 1 --from alice", "pool_id"),
				tx("ClaimProtocol", "claim-protocol [pool-id]", "Move the protocol's swap fees to the community pool and the treasury",
					"claim-protocol 1 --from alice", "pool_id"),
				tx("ClaimRewards", "claim-rewards [pool-id] [owner]", "Pay an owner what it is owed for admitted records, as far as the outlet lets it out",
					"claim-rewards 1 alita1... --from alice", "pool_id", "owner"),
				tx("ExtendLock", "extend-lock [pool-id]", "Lock the maker's first shares or its allotment for longer, to Unix times; for ever",
					"extend-lock 1 --locked-until 1924992000 --vesting-ends 1924992000 --from alice", "pool_id"),
				tx("Sweep", "sweep [pool-id] [denom]", "Move what was sent to a pool's account without a message to where it belongs",
					"sweep 1 ualita --from alice", "pool_id", "denom"),
				tx("ProposeMaker", "propose-maker [pool-id]", "Offer the maker's role to --new-maker, or take an offer back without it",
					"propose-maker 1 --new-maker alita1... --from alice", "pool_id"),
				tx("AcceptMaker", "accept-maker [pool-id]", "Take the maker's role of a pool where it is offered",
					"accept-maker 1 --from bob", "pool_id"),
				{
					RpcMethod: "PausePool", Use: "pause-pool-proposal [pool-id]", Short: "Propose to stop swaps and deposits of a pool; without --paused to let them go on",
					Example:        `alitad tx datapool pause-pool-proposal 1 --paused --title "..." --summary "..." --deposit 100000000ualita --from alice`,
					PositionalArgs: []*autocliv1.PositionalArgDescriptor{{ProtoField: "pool_id"}}, GovProposal: true,
				},
				{
					RpcMethod: "SpendTreasury", Use: "spend-treasury-proposal [recipient] [amount]", Short: "Propose to pay coins out of the treasury",
					Example:        `alitad tx datapool spend-treasury-proposal alita1... 1000000data/1 --title "..." --summary "..." --deposit 100000000ualita --from alice`,
					PositionalArgs: []*autocliv1.PositionalArgDescriptor{{ProtoField: "recipient"}, {ProtoField: "amount", Varargs: true}}, GovProposal: true,
				},
				{
					RpcMethod: "UpdateParams", Use: "update-params-proposal [params]", Short: "Propose new parameters; all must be given",
					Example:        `alitad tx datapool update-params-proposal '{"creation_fee":{"denom":"ualita","amount":"0"},"min_liquidity_alita":"100000000","max_swap_fee_ppm":100000,"protocol_ppm":100000,"twap_window":"1800","max_price_observations":360,"outlet_ppm":5000,"raise_delay":"604800","max_match_ppm":500000}' --title "..." --summary "..." --deposit 100000000ualita --from alice`,
					PositionalArgs: []*autocliv1.PositionalArgDescriptor{{ProtoField: "params"}}, GovProposal: true,
				},
			},
		},
	}
}

func query(method, use, short, example string, args ...string) *autocliv1.RpcCommandOptions {
	return command(method, use, short, "alitad query datapool "+example, args)
}

func tx(method, use, short, example string, args ...string) *autocliv1.RpcCommandOptions {
	return command(method, use, short, "alitad tx datapool "+example, args)
}

func command(method, use, short, example string, args []string) *autocliv1.RpcCommandOptions {
	o := &autocliv1.RpcCommandOptions{RpcMethod: method, Use: use, Short: short, Example: example}
	for _, a := range args {
		o.PositionalArgs = append(o.PositionalArgs, &autocliv1.PositionalArgDescriptor{ProtoField: a})
	}
	return o
}
