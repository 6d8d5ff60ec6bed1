// The chain's modules: their queries, their messages, their events. Import the ones that are used; bundlers leave out the rest.
import type { DescFile, DescService } from "@bufbuild/protobuf";
import { Query as clockQuery } from "./gen/alita/clock/v1/query_pb.js";
import { file_alita_compute_v1_event } from "./gen/alita/compute/v1/event_pb.js";
import { Query as computeQuery } from "./gen/alita/compute/v1/query_pb.js";
import { Msg as computeMsg } from "./gen/alita/compute/v1/tx_pb.js";
import { file_alita_datapool_v1_event } from "./gen/alita/datapool/v1/event_pb.js";
import { Query as datapoolQuery } from "./gen/alita/datapool/v1/query_pb.js";
import { Msg as datapoolMsg } from "./gen/alita/datapool/v1/tx_pb.js";
import { file_alita_feemarket_v1_event } from "./gen/alita/feemarket/v1/event_pb.js";
import { Query as feemarketQuery } from "./gen/alita/feemarket/v1/query_pb.js";
import { Msg as feemarketMsg } from "./gen/alita/feemarket/v1/tx_pb.js";
import { file_alita_metadata_v1_event } from "./gen/alita/metadata/v1/event_pb.js";
import { Query as metadataQuery } from "./gen/alita/metadata/v1/query_pb.js";
import { Msg as metadataMsg } from "./gen/alita/metadata/v1/tx_pb.js";
import { Query as authQuery } from "./gen/cosmos/auth/v1beta1/query_pb.js";
import { file_cosmos_authz_v1beta1_authz } from "./gen/cosmos/authz/v1beta1/authz_pb.js";
import { file_cosmos_authz_v1beta1_event } from "./gen/cosmos/authz/v1beta1/event_pb.js";
import { Query as authzQuery } from "./gen/cosmos/authz/v1beta1/query_pb.js";
import { Msg as authzMsg } from "./gen/cosmos/authz/v1beta1/tx_pb.js";
import { file_cosmos_bank_v1beta1_authz } from "./gen/cosmos/bank/v1beta1/authz_pb.js";
import { Query as bankQuery } from "./gen/cosmos/bank/v1beta1/query_pb.js";
import { Msg as bankMsg } from "./gen/cosmos/bank/v1beta1/tx_pb.js";
import { Service as nodeService } from "./gen/cosmos/base/node/v1beta1/query_pb.js";
import { file_cosmos_crypto_secp256k1_keys } from "./gen/cosmos/crypto/secp256k1/keys_pb.js";
import { Query as distributionQuery } from "./gen/cosmos/distribution/v1beta1/query_pb.js";
import { Msg as distributionMsg } from "./gen/cosmos/distribution/v1beta1/tx_pb.js";
import { file_cosmos_feegrant_v1beta1_feegrant } from "./gen/cosmos/feegrant/v1beta1/feegrant_pb.js";
import { Query as feegrantQuery } from "./gen/cosmos/feegrant/v1beta1/query_pb.js";
import { Msg as feegrantMsg } from "./gen/cosmos/feegrant/v1beta1/tx_pb.js";
import { Query as govQuery } from "./gen/cosmos/gov/v1/query_pb.js";
import { Msg as govMsg } from "./gen/cosmos/gov/v1/tx_pb.js";
import { file_cosmos_staking_v1beta1_authz } from "./gen/cosmos/staking/v1beta1/authz_pb.js";
import { Query as stakingQuery } from "./gen/cosmos/staking/v1beta1/query_pb.js";
import { Msg as stakingMsg } from "./gen/cosmos/staking/v1beta1/tx_pb.js";

/** Module is what a client knows of a module. */
export interface Module {
  /** query is its service of queries. */
  readonly query?: DescService;
  /** msg is its service of messages. */
  readonly msg?: DescService;
  /** files have its events, and what else is packed into messages. */
  readonly files?: readonly DescFile[];
}

/** datapool has pools, swaps, liquidity, rewards. */
export const datapool = { query: datapoolQuery, msg: datapoolMsg, files: [file_alita_datapool_v1_event] } as const;
/** metadata has records, grants, panels. */
export const metadata = { query: metadataQuery, msg: metadataMsg, files: [file_alita_metadata_v1_event] } as const;
/** compute has programs, jobs, seats, sums. */
export const compute = { query: computeQuery, msg: computeMsg, files: [file_alita_compute_v1_event] } as const;
/** feemarket has the price of gas. */
export const feemarket = { query: feemarketQuery, msg: feemarketMsg, files: [file_alita_feemarket_v1_event] } as const;
/** clock has the chain's active time. */
export const clock = { query: clockQuery } as const;
/** bank has balances, supplies, the metadata of coins. */
export const bank = { query: bankQuery, msg: bankMsg, files: [file_cosmos_bank_v1beta1_authz] } as const;
/** auth has accounts. */
export const auth = { query: authQuery, files: [file_cosmos_crypto_secp256k1_keys] } as const;
/** staking has validators and delegations. */
export const staking = { query: stakingQuery, msg: stakingMsg, files: [file_cosmos_staking_v1beta1_authz] } as const;
/** distribution has the rewards of delegators and validators. */
export const distribution = { query: distributionQuery, msg: distributionMsg } as const;
/** gov has proposals and votes. */
export const gov = { query: govQuery, msg: govMsg } as const;
/** authz lets one account send messages for another. */
export const authz = { query: authzQuery, msg: authzMsg, files: [file_cosmos_authz_v1beta1_authz, file_cosmos_authz_v1beta1_event] } as const;
/** feegrant lets one account pay the fees of another. */
export const feegrant = { query: feegrantQuery, msg: feegrantMsg, files: [file_cosmos_feegrant_v1beta1_feegrant] } as const;
/** node has the height and the settings of the node that is asked. */
export const node = { query: nodeService } as const;
