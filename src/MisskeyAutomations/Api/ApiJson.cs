using System.Text.Json;
using System.Text.Json.Serialization;

namespace MisskeyAutomations.Api;

/// <summary>How requests and answers of the API are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(OverviewAnswer))]
[JsonSerializable(typeof(ActivityAnswer))]
[JsonSerializable(typeof(IReadOnlyList<AccountAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<RuleAnswer>))]
[JsonSerializable(typeof(EventPageAnswer))]
[JsonSerializable(typeof(EventStoryAnswer))]
[JsonSerializable(typeof(RunPageAnswer))]
[JsonSerializable(typeof(IReadOnlyList<UncertainAnswer>))]
[JsonSerializable(typeof(QuarantineAnswer))]
[JsonSerializable(typeof(SimulationAnswer))]
[JsonSerializable(typeof(ReplayAnswered))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(SimulateRequest))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(SettleRequest))]
[JsonSerializable(typeof(PanicRequest))]
internal sealed partial class ApiJson : JsonSerializerContext;
