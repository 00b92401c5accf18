import { AccountService } from "./generated/lagnet/access/v1/accounts_pb.js";
import { ApiKeyService } from "./generated/lagnet/access/v1/api_keys_pb.js";
import { ClaimService } from "./generated/lagnet/access/v1/claims_pb.js";
import { ColleagueService } from "./generated/lagnet/access/v1/colleagues_pb.js";
import { SessionService } from "./generated/lagnet/access/v1/sessions_pb.js";
import { ChangeService } from "./generated/lagnet/changes/v1/changes_pb.js";
import { DoubleService } from "./generated/lagnet/directory/v1/doubles_pb.js";
import { FieldChangeService } from "./generated/lagnet/directory/v1/field_changes_pb.js";
import { ImportService } from "./generated/lagnet/directory/v1/imports_pb.js";
import { NetworkService } from "./generated/lagnet/directory/v1/networks_pb.js";
import { OrganizationService } from "./generated/lagnet/directory/v1/organizations_pb.js";
import { TerritoryService } from "./generated/lagnet/directory/v1/territories_pb.js";
import { ThemeService } from "./generated/lagnet/directory/v1/themes_pb.js";
import { BounceService } from "./generated/lagnet/mail/v1/bounces_pb.js";
import { ProjectService } from "./generated/lagnet/projects/v1/projects_pb.js";
import { SearchService } from "./generated/lagnet/search/v1/search_pb.js";
import { DrawService } from "./generated/lagnet/visits/v1/draws_pb.js";
import { PlaceService } from "./generated/lagnet/visits/v1/places_pb.js";
import { SignUpService } from "./generated/lagnet/visits/v1/sign_ups_pb.js";
import { StudyVisitService } from "./generated/lagnet/visits/v1/study_visits_pb.js";

/** Every service, by the name that connect() gives its client. A new service is
 * added here and nowhere else. */
export const SERVICES = {
  accounts: AccountService,
  apiKeys: ApiKeyService,
  bounces: BounceService,
  changes: ChangeService,
  claims: ClaimService,
  colleagues: ColleagueService,
  doubles: DoubleService,
  draws: DrawService,
  fieldChanges: FieldChangeService,
  imports: ImportService,
  networks: NetworkService,
  organizations: OrganizationService,
  places: PlaceService,
  projects: ProjectService,
  searches: SearchService,
  sessions: SessionService,
  signUps: SignUpService,
  territories: TerritoryService,
  themes: ThemeService,
  visits: StudyVisitService,
} as const;
