// The pages that everybody may see, without their language.
export const PATHS = [
  "",
  "/visits",
  "/visits?network=ksow&state=past",
  "/visits/calendar?month=2027-01",
  "/visits/slaskie-opolskie",
  "/visits/slaskie-opolskie/sign-up",
  "/visits/slaskie-opolskie/sign-up?people=5",
  "/visits/slaskie-opolskie/sign-up/sent?until=1800000000",
  "/directory",
  "/directory?q=turystyka",
  "/directory?q=kazbegi&kind=LAG",
  "/organizations/lag-kazbegi",
  "/organizations/lgd-puszcza-kozienicka",
];
