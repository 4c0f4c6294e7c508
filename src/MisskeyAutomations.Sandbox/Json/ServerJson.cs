namespace MisskeyAutomations.Sandbox.Json;

/// <summary>What the server says about itself and what every account may do, as recorded on a server of 2025.4.</summary>
internal static class ServerJson
{
    public const string Version = "2025.4.1";

    /// <summary>Of these the sandbox enforces pinLimit, webhookLimit, mentionLimit and maxFileSizeMb.</summary>
    public const string Policies = """
        {"gtlAvailable":true,"ltlAvailable":true,"canPublicNote":true,"canScheduleNote":true,"scheduleNoteLimit":10,
        "scheduleNoteMaxDays":365,"canInitiateConversation":true,"canCreateContent":true,"canUpdateContent":true,
        "canDeleteContent":true,"canPurgeAccount":true,"canUpdateAvatar":true,"canUpdateBanner":true,"mentionLimit":20,
        "canInvite":false,"inviteLimit":0,"inviteLimitCycle":10080,"inviteExpirationTime":0,"canManageCustomEmojis":false,
        "canManageAvatarDecorations":false,"canSearchNotes":false,"canUseTranslator":true,
        "canUseDriveFileInSoundSettings":false,"canUseReaction":true,"canHideAds":false,"driveCapacityMb":100,
        "maxFileSizeMb":10,"alwaysMarkNsfw":false,"skipNsfwDetection":false,"canUpdateBioMedia":true,"pinLimit":5,
        "antennaLimit":5,"antennaNotesLimit":200,"wordMuteLimit":200,"webhookLimit":3,"clipLimit":10,
        "noteEachClipsLimit":200,"userListLimit":10,"userEachUserListsLimit":50,"rateLimitFactor":1,
        "avatarDecorationLimit":1,"mutualLinkSectionLimit":1,"mutualLinkLimit":3,"canImportAntennas":true,
        "canImportBlocking":true,"canImportFollowing":true,"canImportMuting":true,"canImportUserLists":true,
        "chatAvailability":"available"}
        """;

    public static string Meta(string origin) => MetaTemplate
        .Replace("@VERSION@", Version, StringComparison.Ordinal)
        .Replace("@ORIGIN@", origin, StringComparison.Ordinal)
        .Replace("@POLICIES@", Policies, StringComparison.Ordinal);

    private const string MetaTemplate = """
        {"maintainerName":null,"maintainerEmail":null,"version":"@VERSION@","name":"Sandbox","shortName":null,
        "uri":"@ORIGIN@","description":null,"langs":[],"dimensions":10000,"tosUrl":null,
        "repositoryUrl":"https://github.com/misskey-dev/misskey",
        "feedbackUrl":"https://github.com/misskey-dev/misskey/issues/new","impressumUrl":null,"privacyPolicyUrl":null,
        "inquiryUrl":null,"disableRegistration":true,"emailRequiredForSignup":false,"enableHcaptcha":false,
        "hcaptchaSiteKey":null,"enableMcaptcha":false,"mcaptchaSiteKey":null,"mcaptchaInstanceUrl":null,
        "enableRecaptcha":false,"recaptchaSiteKey":null,"enableTurnstile":false,"turnstileSiteKey":null,
        "googleAnalyticsId":null,"enableTestcaptcha":false,"swPublickey":null,"themeColor":null,
        "mascotImageUrl":"/assets/ai.png","bannerUrl":null,"infoImageUrl":null,"serverErrorImageUrl":null,
        "notFoundImageUrl":null,"iconUrl":null,"backgroundImageUrl":null,"logoImageUrl":null,"maxNoteTextLength":3000,
        "defaultLightTheme":null,"defaultDarkTheme":null,"ads":[],"wellKnownWebsites":[],"notesPerOneAd":0,
        "enableEmail":false,"enableServiceWorker":false,"translatorAvailable":false,"serverRules":[],
        "policies":@POLICIES@,
        "sentryForFrontend":null,"mediaProxy":"@ORIGIN@/proxy","enableUrlPreview":true,"enableSkebStatus":false,
        "noteSearchableScope":"global","maxFileSize":262144000,"federation":"all"}
        """;
}
