using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Settings;

/// <summary>Registers the check for misspelt settings.</summary>
public static class UnknownSettingsServices
{
    /// <summary>
    /// Makes options invalid while their section holds a setting that none of the types has. A second call for the same options adds
    /// nothing.
    /// </summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="services">Where to.</param>
    /// <param name="section">What is looked through, at every depth.</param>
    /// <param name="types">The types that are bound to the section, each by its public properties; or one list of such a type.</param>
    public static IServiceCollection RefuseUnknownSettings<TOptions>(
        this IServiceCollection services, IConfiguration section, params Type[] types)
        where TOptions : class
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>>(new Validator<TOptions>(section, types)));
        return services;
    }

    private sealed class Validator<TOptions>(IConfiguration section, Type[] types) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var faults = UnknownSettings.Find(section, types).ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
